import type { FieldSamples } from '../fieldSamples.ts';
import type { FamilyHead } from './familyHeads.ts';

/** Beyond this a class says nothing about how far the border is, mm. */
const CLASS_REACH_MM = 5;

/**
 * The two fields from the outputs of a network of the family, N · heads.length values by point.
 * - `unsigned`: both fields are the distance itself; the engine says that it has no sign (`FieldEngine.isUnsigned`).
 * - `signed`: the closed surface is the lumen's, and the wall is all of it.
 * - `signed,class`: the lumen is what lies inside and is the appendage's by its class. Where the class ends it, inside
 *   the closed surface, there is no wall: that is the ostium.
 */
export function familyFields(
  values: Float32Array,
  heads: readonly FamilyHead[],
  unitMm: number,
): FieldSamples {
  const count = values.length / heads.length;
  const distanceHead = heads.findIndex((head) => head !== 'class');
  const classHead = heads.indexOf('class');
  const isSigned = heads[distanceHead] === 'signed';
  const samples = { signedMm: new Float32Array(count), unsignedMm: new Float32Array(count) };
  for (let point = 0; point < count; point++) {
    const distanceMm = values[heads.length * point + distanceHead]! * unitMm;
    samples.unsignedMm[point] = Math.abs(distanceMm);
    samples.signedMm[point] = distanceMm;
    if (!isSigned || classHead < 0) continue;
    const other = -values[heads.length * point + classHead]!;
    const clamped = Math.min(CLASS_REACH_MM, Math.max(-CLASS_REACH_MM, other));
    samples.signedMm[point] = Math.max(distanceMm, clamped);
  }
  return samples;
}
