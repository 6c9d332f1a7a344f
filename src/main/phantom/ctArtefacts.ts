import type { Vec3 } from '#shared/geometry/vec3.ts';
import { pcg3d } from './hashNoise.ts';
import type { CtAcquisition } from './scene.ts';

type Streak = CtAcquisition['streaks'][number];
const NO_SHIFT: Vec3 = [0, 0, 0];

/** How far the step artefact shifts the scene in the slab at a height. */
export function stepShift(steps: CtAcquisition['steps'], zMm: number): Vec3 {
  if (steps === undefined || steps.shiftsLpsMm.length === 0) return NO_SHIFT;
  const slab = Math.floor((zMm - steps.zOffsetMm) / steps.slabMm);
  const count = steps.shiftsLpsMm.length;
  return steps.shiftsLpsMm[((slab % count) + count) % count] ?? NO_SHIFT;
}

/** The share of a motion's shift that applies at a point, 0 to 1. */
export function motionShare(
  motion: NonNullable<CtAcquisition['motion']>,
  x: number,
  y: number,
  z: number,
): number {
  const { centreLpsMm: c, radiusMm } = motion;
  const squared = (x - c[0]) ** 2 + (y - c[1]) ** 2 + (z - c[2]) ** 2;
  return Math.exp(-squared / (2 * radiusMm * radiusMm));
}

/** The furthest that steps and motion together displace anything, mm. */
export function widestShiftMm({ steps, motion }: Pick<CtAcquisition, 'steps' | 'motion'>): number {
  const widest = (shifts: readonly Vec3[] = []): number =>
    Math.max(0, ...shifts.map((shift) => Math.hypot(...shift)));
  return widest(steps?.shiftsLpsMm) + widest(motion?.shiftsLpsMm);
}

/**
 * Angle of (x, y) in turns, 0 to 1, by a polynomial (error below 2e-6 turns) instead of the library's, whose last
 * digits differ between devices.
 */
export function angleInTurns(x: number, y: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const a = Math.min(ax, ay) / Math.max(ax, ay, 1e-20);
  const s = a * a;
  let r =
    a *
    (0.99997726 +
      s * (-0.33262347 + s * (0.19354346 + s * (-0.11643287 + s * (0.05265332 - s * 0.0117212)))));
  if (ay > ax) r = Math.PI / 2 - r;
  if (x < 0) r = Math.PI - r;
  if (y < 0) r = 2 * Math.PI - r;
  return r / (2 * Math.PI);
}

/**
 * Alternating bright and dark spokes, each with its own strength: 2·spokes lattice values round the circle, in [−1,
 * 1].
 */
export function spokePattern(turns: number, spokes: number, seed: number): number {
  const count = 2 * spokes;
  const position = turns * count;
  const index = Math.floor(position);
  const t = position - index;
  const blend = t * t * (3 - 2 * t);
  const a = spokeValue(index % count, seed);
  const b = spokeValue((index + 1) % count, seed);
  return a + (b - a) * blend;
}

function spokeValue(index: number, seed: number): number {
  const strength = 0.3 + (0.7 * (pcg3d(index, seed, 0x51ed27)[0]! >>> 8)) / 16777216;
  return index % 2 === 0 ? strength : -strength;
}

/**
 * HU that a streak source adds at a point: amplitude · pattern(angle) · fade in over 2 mm · exp(−distance/reach) ·
 * exp(−½(Δz/halfHeight)²).
 */
export function streakHu(streak: Streak, x: number, y: number, z: number): number {
  const dz = (z - streak.centreLpsMm[2]) / streak.halfHeightMm;
  if (Math.abs(dz) > 4) return 0;
  const dx = x - streak.centreLpsMm[0];
  const dy = y - streak.centreLpsMm[1];
  const distance = Math.sqrt(dx * dx + dy * dy);
  if (distance > 8 * streak.reachMm) return 0;
  const fade = Math.min(distance / 2, 1);
  const pattern = spokePattern(angleInTurns(dx, dy), streak.spokes, streak.seed);
  return (
    streak.amplitudeHu *
    pattern *
    fade *
    fade *
    (3 - 2 * fade) *
    Math.exp(-distance / streak.reachMm - 0.5 * dz * dz)
  );
}

/** Whether a point lies outside of the reconstruction circle. */
export function isOutsideFieldOfView(
  fieldOfView: CtAcquisition['fieldOfView'],
  x: number,
  y: number,
): boolean {
  if (fieldOfView === undefined) return false;
  const dx = x - fieldOfView.centreLpsMm[0];
  const dy = y - fieldOfView.centreLpsMm[1];
  return dx * dx + dy * dy > fieldOfView.radiusMm * fieldOfView.radiusMm;
}
