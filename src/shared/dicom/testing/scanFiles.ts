import { words } from '../../words/words.ts';
import type { ImageSeries, SliceFile } from '../imageSeries.ts';
import { parseSliceHeader } from '../parseSliceHeader.ts';
import type { ParsedFile } from '../sliceHeader.ts';
import { storedRange } from '../sliceHeader.ts';
import { scanStudy } from '../studyScan.ts';
import { type Changes, ctSlice, type Files, rampVolume, smallGrid } from './ctFixtures.ts';

/** Odd series in memory, scanned as a folder of files is: digests of pixels, names and folders. */

export const volume = rampVolume(smallGrid());
export const SLICES = 8;
/** The other phase: other values in the same places. */
export const otherVolume = { ...volume, data: volume.data.map((hu) => hu + 7) };

export async function scan(files: Files): Promise<readonly ImageSeries[]> {
  const sources = [...files].map(([path, bytes]) => ({
    sourceId: path,
    fileName: path.slice(path.lastIndexOf('/') + 1),
    folder: path.slice(0, Math.max(0, path.lastIndexOf('/'))),
    parsed: parseFile(bytes),
  }));
  const digest = ({ sourceId, header }: SliceFile): string => {
    const { from, to } = storedRange(header);
    return String(files.get(sourceId)!.subarray(from, to));
  };
  return (await scanStudy(sources, async (slices) => slices.map(digest))).series;
}
export function parseFile(bytes: Uint8Array): ParsedFile {
  const parsed = parseSliceHeader(bytes);
  if (parsed.kind === 'needsMoreBytes') throw new Error(parsed.kind);
  return parsed;
}

/** Two phases of one series in one folder, names interleaved. */
export function twoPhases(changes: (phase: number, k: number) => Changes): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let k = 0; k < SLICES; k++) {
    for (const phase of [0, 1]) {
      const same = {
        '0020,000e': '1.2.3',
        '0008,0018': `1.2.3.${phase + 1}.${k + 1}`,
        '0020,0013': undefined,
      };
      files.set(
        `IM${k}_${phase}`,
        ctSlice(phase === 0 ? volume : otherVolume, k, { ...same, ...changes(phase, k) }),
      );
    }
  }
  return files;
}
export const phaseOf = ({ slices }: ImageSeries): Set<string> =>
  new Set(slices.map(({ fileName }) => fileName.slice(-1)));
const reasonOf = ({ geometry }: ImageSeries): string =>
  geometry.kind === 'refused' ? words().sentence(geometry.reason) : 'regular';
/** Each series by its slices and whether it can be used. */
export const outcome = (series: readonly ImageSeries[]): string[] =>
  series.map((one) => `${one.slices.length} ${reasonOf(one)}`);
