import type { Failure } from '../failures/failure.ts';
import { assembleSeries, slicesToCompare } from './assembleSeries.ts';
import type { ImageSeries, LostFile, SliceFile } from './imageSeries.ts';
import type { ParsedFile } from './sliceHeader.ts';

/** A file that was recognised but gives no slice. */
export interface ScanProblem {
  readonly fileName: string;
  readonly kind: 'notImage' | 'unsupported' | 'damaged';
  readonly reason: Failure;
}

export interface StudyScan {
  readonly series: readonly ImageSeries[];
  /** Files that are not DICOM. */
  readonly skippedNonDicom: number;
  readonly problems: readonly ScanProblem[];
}

export interface ParsedSource {
  /** What the caller reads the file by (a path, a key); never shown. */
  readonly sourceId: string;
  /** Base name, for messages. */
  readonly fileName: string;
  readonly parsed: ParsedFile;
}

/**
 * Sorts parsed files into series.
 *
 * @param digestPixels called for slices at the same position that only their pixels can tell apart; gives a digest of
 *   their stored values, all at once so that the caller can bound and cancel its reads
 */
export async function scanStudy(
  sources: readonly ParsedSource[],
  digestPixels: (slices: readonly SliceFile[]) => Promise<readonly string[]>,
): Promise<StudyScan> {
  const slices: SliceFile[] = [];
  const lost: LostFile[] = [];
  const problems: ScanProblem[] = [];
  let skippedNonDicom = 0;
  for (const { sourceId, fileName, parsed } of sources) {
    switch (parsed.kind) {
      case 'slice':
        slices.push({ sourceId, fileName, header: parsed.header });
        break;
      case 'frames':
        for (const header of parsed.headers) slices.push({ sourceId, fileName, header });
        break;
      case 'index':
        break;
      case 'notDicom':
        skippedNonDicom++;
        break;
      case 'damaged':
      case 'unsupported':
        lost.push({ ...parsed, fileName });
        problems.push({ fileName, kind: parsed.kind, reason: parsed.reason });
        break;
      case 'notImage':
        problems.push({ fileName, kind: parsed.kind, reason: parsed.reason });
        break;
      default:
        parsed satisfies never;
    }
  }
  const series = assembleSeries(slices, lost);
  const toCompare = slicesToCompare(series);
  if (toCompare.length === 0) return { series, skippedNonDicom, problems };
  const digests = await digestPixels(toCompare);
  const digestOf = new Map(toCompare.map((slice, index) => [slice, digests[index]!]));
  const withDigests = slices.map((slice) => {
    const pixelDigest = digestOf.get(slice);
    return pixelDigest === undefined ? slice : { ...slice, pixelDigest };
  });
  return { series: assembleSeries(withDigests, lost), skippedNonDicom, problems };
}
