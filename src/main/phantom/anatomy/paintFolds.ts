import { add, addScaled, normalize, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import { LABELS } from '../scene.ts';
import { perpendicularTo, scatter } from './curves.ts';
import type { Paint, Parts } from './painting.ts';
import { moveToLevel } from './shapeField.ts';
import { curvedTube, intersection, offset, tube } from './shapes.ts';

/** How often and how large: docs/phantom-anatomy.md, "Wide variety" (ours). */
const FOLDS = {
  share: 0.4,
  fromDepthShare: [0.6, 1],
  lengthMm: [5, 18],
  halfWidthMm: [2, 6],
  halfThicknessMm: [0.6, 1.7],
  hu: [30, 130],
} as const;
const ROOF = {
  share: 0.4,
  thicknessMm: [1.5, 4.5],
  halfWidthMm: [4, 9],
  stepMm: [5, 8],
  hu: [60, 150],
} as const;
/** Of the atrium's HU: neither is taken for blood, however faint that is. */
const BRIGHTEST_SHARE = 0.62;

/**
 * Thin soft tissue that goes on where the appendage ends, which partial volume in thick slices makes as grey as a narrow
 * lumen: folds of pericardium and fibrous fat that leave its tip along the heart's border, and muscle on the atrium's roof
 * beside its mouth (Bachmann's bundle). Painted before the blood, which stays as it is.
 * @param certain that there are both, not as the seed says
 */
export function paintFolds(random: Random, parts: Parts, paint: Paint, certain: boolean): void {
  const u = random.uniform;
  const tissueHu = ([low, high]: readonly [number, number]): number =>
    Math.min(u(low, high), BRIGHTEST_SHARE * parts.hu.leftAtrium);
  if (random.chance(FOLDS.share) || certain) {
    const count = random.integer(1, 2);
    for (let index = 0; index < count; index++) paintTipFold(random, parts, paint, index, tissueHu(FOLDS.hu));
  }
  if (random.chance(ROOF.share) || certain) paintRoof(random, parts, paint, tissueHu(ROOF.hu));
}

/** A flat strip from inside of the appendage's distal part outwards, bent once. */
function paintTipFold(random: Random, { left }: Parts, paint: Paint, index: number, baseHu: number): void {
  const u = random.uniform;
  const line = left.truth.centreLineLpsMm;
  const at = Math.min(line.length - 1, Math.round(u(...FOLDS.fromDepthShare) * (line.length - 1)));
  const start = line[at]!;
  const onwards = scatter(random, normalize(subtract(start, line[Math.max(0, at - 2)]!)), 0.6);
  const reach = left.appendage.radiiMm[left.appendage.radiiMm.length - 1]! + u(...FOLDS.lengthMm);
  const bent = scatter(random, onwards, 0.3);
  const points = [
    start,
    addScaled(start, onwards, reach / 2),
    add(addScaled(start, onwards, reach / 2), scale(bent, reach / 2)),
  ];
  const halfWidthMm = u(...FOLDS.halfWidthMm);
  const factor = Math.min(1, u(...FOLDS.halfThicknessMm) / halfWidthMm);
  const axis = perpendicularTo(random.direction(), onwards);
  const strip = curvedTube(points, [halfWidthMm, halfWidthMm * u(0.4, 1)], 3, { axis, factor });
  paint(`fold${index}`, strip, LABELS.softTissue, { baseHu });
}

/** A layer on the atrium that leads away from the mouth's edge. */
function paintRoof(random: Random, { left }: Parts, paint: Paint, baseHu: number): void {
  const u = random.uniform;
  const { pointLpsMm, normal } = left.plane;
  // Mostly upwards, where the roof is.
  const along = perpendicularTo(scatter(random, [0, 0, 1], 0.7), normal);
  const stepMm = u(...ROOF.stepMm);
  const points = [1, 2, 3].map((step): Vec3 => {
    const beside = addScaled(addScaled(pointLpsMm, along, 5 + step * stepMm), normal, -2);
    return moveToLevel(left.bloodField, beside, 0, 'both');
  });
  const layer = offset(left.blood, u(...ROOF.thicknessMm));
  const radiusMm = u(...ROOF.halfWidthMm);
  const strip = tube(
    points,
    points.map(() => radiusMm),
  );
  paint('roofMuscle', intersection(layer, strip), LABELS.myocardium, { baseHu });
}
