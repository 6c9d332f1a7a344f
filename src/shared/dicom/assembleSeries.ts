import { distinctFailures, failure } from '../failures/failure.ts';
import type { ImageSeries, LostFile, SeriesGeometry, SliceFile } from './imageSeries.ts';
import { positionGroups, type SeriesPart, splitByPhase, splitByPlane } from './splitSeries.ts';
import { sortAlongNormal, stackGeometry } from './stackGeometry.ts';

/**
 * Sorts slices into series and checks that each is one regular stack (docs/clinical.md, "Regular stacks"). Nothing is
 * repaired silently: what was dropped is in `warnings`, what cannot be trusted is in `geometry` as a refusal.
 *
 * @param slices all slices found, in any order
 * @param lost files that could not be read; a series that lost one is refused
 * @returns the series in a fixed order: by series number, then UID, then part
 */
export function assembleSeries(slices: readonly SliceFile[], lost: readonly LostFile[] = []): ImageSeries[] {
  const byUid = new Map<string, SliceFile[]>();
  const ordered = [...slices].sort((a, b) => compareText(a.sourceId, b.sourceId));
  for (const slice of ordered) {
    const uid = slice.header.identity.seriesInstanceUid;
    const list = byUid.get(uid);
    if (list === undefined) byUid.set(uid, [slice]);
    else list.push(slice);
  }
  const series = [...byUid.entries()].flatMap(([uid, members]) => {
    // A file cut before its series UID belongs to the only series; where there are several, to none.
    const ofSeries = lost.filter(
      (file) =>
        file.seriesInstanceUid === uid ||
        (file.kind === 'damaged' && file.seriesInstanceUid === '' && byUid.size === 1),
    );
    return assembleOne(uid, members, ofSeries);
  });
  const numberOf = (one: ImageSeries): number => Number(one.slices[0]?.header.labels.seriesNumber) || 0;
  return series.sort(
    (a, b) => numberOf(a) - numberOf(b) || compareText(a.seriesInstanceUid, b.seriesInstanceUid),
  );
}

/**
 * The slices that share a position with another one of their series and that no attribute tells apart: whether they
 * are copies can only be told from their pixels (`SliceFile.pixelDigest`).
 */
export function slicesToCompare(series: readonly ImageSeries[]): SliceFile[] {
  return series
    .filter(({ geometry }) => geometry.kind === 'refused')
    .flatMap(({ slices }) => positionGroups(slices).filter((group) => group.length > 1))
    .flat();
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function assembleOne(uid: string, members: readonly SliceFile[], lost: readonly LostFile[]): ImageSeries[] {
  const parts = splitByPlane(members).flatMap(({ slices, label }) => {
    const { kept, dropped } = dropCopies(slices);
    return splitByPhase(kept).map((phase) => ({
      slices: phase.slices,
      label: [label, phase.label].filter((word) => word !== '').join(', '),
      dropped,
    }));
  });
  return parts.map((part, index) => {
    const slices = sortAlongNormal(part.slices);
    const copies = part.dropped === 0 ? [] : [failure('series.copies-left-out', { copies: part.dropped })];
    const remarks = distinctFailures(slices.flatMap((slice) => slice.header.remarks));
    return {
      id: index === 0 ? uid : `${uid}#${index + 1}`,
      seriesInstanceUid: uid,
      description: describe(part, slices),
      slices,
      geometry: checkGeometry(slices, lost),
      warnings: [...copies, ...remarks],
    };
  });
}

/** Leaves out slices that repeat another one: the same instance, or another instance with the same pixels. */
function dropCopies(slices: readonly SliceFile[]): { readonly kept: SliceFile[]; readonly dropped: number } {
  const seen = new Set<string>();
  const kept: SliceFile[] = [];
  for (const slice of slices) {
    const { identity, plane, pixels } = slice.header;
    const place = plane.positionLpsMm.map((value) => value.toFixed(2)).join(' ');
    const keys = [`instance ${identity.sopInstanceUid} ${identity.frameNumber ?? ''} ${place}`];
    if (slice.pixelDigest !== undefined) {
      keys.push(`pixels ${slice.pixelDigest} ${pixels.slope} ${pixels.intercept} ${place}`);
    }
    if (!keys.some((key) => seen.has(key))) kept.push(slice);
    for (const key of keys) seen.add(key);
  }
  return { kept, dropped: slices.length - kept.length };
}

function checkGeometry(slices: readonly SliceFile[], lost: readonly LostFile[]): SeriesGeometry {
  const { labels } = slices[0]!.header;
  if (labels.modality !== 'CT') {
    return { kind: 'refused', reason: failure('series.not-ct', { modality: labels.modality }) };
  }
  if (labels.imageType.includes('LOCALIZER')) {
    return { kind: 'refused', reason: failure('series.localiser') };
  }
  const [first] = lost;
  if (first !== undefined) {
    const reason = failure('series.files-lost', {
      fileName: first.fileName,
      others: lost.length - 1,
      fate: first.kind === 'damaged' ? 'damaged' : 'unreadable',
      reason: first.reason,
    });
    return { kind: 'refused', reason };
  }
  return stackGeometry(slices);
}

function describe(part: SeriesPart, slices: readonly SliceFile[]): string {
  const { labels } = slices[0]!.header;
  const name =
    labels.seriesDescription || labels.protocolName || `series ${labels.seriesNumber || 'without number'}`;
  const label = part.label === '' ? '' : `, ${part.label}`;
  return `${name}${label} (${slices.length === 1 ? 'one slice' : `${slices.length} slices`})`;
}
