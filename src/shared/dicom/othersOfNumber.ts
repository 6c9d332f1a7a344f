import { type Failure, failure } from '../failures/failure.ts';
import type { ImageSeries } from './imageSeries.ts';
import { differenceOverFieldMm } from './planeDifference.ts';
import { SAME_FIELD_MM } from './splitByPlane.ts';
import { positionAlong, sliceNormal, sortAlongNormal, stackGeometry } from './stackGeometry.ts';

/**
 * What series lack that other series of their study have: slices under another Series or Study Instance UID that
 * complete their stack, where number, description and all that describes an image are the same.
 */
export function othersOfNumber(series: readonly ImageSeries[]): ReadonlyMap<ImageSeries, Failure> {
  const alike = new Map<string, ImageSeries[]>();
  for (const one of series) {
    const key = keyOf(one);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const found = new Map<ImageSeries, Failure>();
  for (const group of alike.values()) {
    for (const one of group) {
      const others = group.filter((other) => isUnderOtherUid(one, other) && isSamePlane(one, other));
      const note = others.length > 1 ? noteOf(one, others) : undefined;
      const notes = [note, ...others.map((other) => noteOf(one, [other]))];
      const first = notes.find((candidate) => candidate !== undefined);
      if (first !== undefined) found.set(one, first);
    }
  }
  return found;
}

/** Equal for slices of one acquisition and reconstruction. */
function keyOf({ slices }: ImageSeries): string {
  const { labels, identity, acquisition, plane } = slices[0]!.header;
  return [
    labels.modality,
    labels.patientId,
    labels.seriesNumber,
    labels.seriesDescription,
    labels.convolutionKernel,
    labels.imageType.slice(0, 3).join(' '),
    identity.frameOfReferenceUid,
    acquisition.acquisitionNumber,
    plane.columns,
    plane.rows,
    plane.sliceThicknessMm,
  ].join('\n');
}

function isUnderOtherUid(one: ImageSeries, other: ImageSeries): boolean {
  const [own, others] = [one.slices[0]!.header.identity, other.slices[0]!.header.identity];
  return (
    one.seriesInstanceUid !== other.seriesInstanceUid || own.studyInstanceUid !== others.studyInstanceUid
  );
}

const isSamePlane = (one: ImageSeries, other: ImageSeries): boolean =>
  differenceOverFieldMm(one.slices[0]!.header.plane, other.slices[0]!.header.plane) <= SAME_FIELD_MM;

/** The note, where all of them make one regular stack. */
function noteOf(one: ImageSeries, others: readonly ImageSeries[]): Failure | undefined {
  const added = others.flatMap(({ slices }) => slices);
  if (stackGeometry(sortAlongNormal([...one.slices, ...added])).kind !== 'regular') return undefined;
  const normal = sliceNormal(one.slices[0]!.header.plane);
  const [own, beside] = [one.slices, added].map((slices) =>
    slices.map((slice) => positionAlong(normal, slice)),
  );
  const [least, most] = [Math.min(...own!), Math.max(...own!)];
  const isBetween = beside!.some((at) => at > least && at < most);
  return failure(isBetween ? 'series.others-between' : 'series.others-continue', { slices: added.length });
}
