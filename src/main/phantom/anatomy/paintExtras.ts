import { addScaled, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import { LABELS } from '../scene.ts';
import { jitter } from './curves.ts';
import type { Paint, Parts } from './painting.ts';
import { ball, curvedTube, givingWay, tube } from './shapes.ts';

/** How often these occur: docs/phantom-anatomy.md (ours). */
const CHANCE = { annularCalcium: 0.07, lead: 0.06, valve: 0.025, strays: 0.25 } as const;

/**
 * Calcium, stents, leads, a prosthetic valve, and stray structures beside the appendage that no anatomy has, so that
 * a network learns to ignore them. The order of the draws is part of what a seed means.
 */
export function paintExtras(random: Random, parts: Parts, paint: Paint, metalLpsMm: Vec3[]): void {
  const { coronaries } = parts;
  const u = random.uniform;
  if (coronaries.calcifications)
    paint('calcium', coronaries.calcifications, LABELS.coronary, { baseHu: u(500, 1400) });
  if (coronaries.stents) paint('stent', coronaries.stents, LABELS.device, { baseHu: u(900, 2000) });
  if (random.chance(CHANCE.annularCalcium)) paintAnnularCalcium(random, parts, paint);
  if (random.chance(CHANCE.lead)) paintLead(random, parts, paint, metalLpsMm);
  if (random.chance(CHANCE.valve)) paintProstheticValve(random, parts, paint, metalLpsMm);
  if (random.chance(CHANCE.strays)) paintStrays(random, parts, paint);
}

/** An arc of calcium along the mitral ring. */
function paintAnnularCalcium(random: Random, parts: Parts, paint: Paint): void {
  const { centreLpsMm, axis, radiusMm } = parts.left.atrium.mitral;
  const below = addScaled(centreLpsMm, axis, 1);
  const arc = Array.from({ length: 5 }, (_, index) =>
    jitter(random, addScaled(below, ringDirection(parts, 1.2 + index * 0.35), radiusMm + 2), 1),
  );
  const radii = arc.map(() => random.uniform(0.8, 2.6));
  paint('annularCalcium', tube(arc, radii), LABELS.softTissue, { baseHu: random.uniform(500, 1500) });
}

/** A pacing lead from the superior vena cava to the tip of the right ventricle. */
function paintLead(random: Random, { vessels, frame }: Parts, paint: Paint, metalLpsMm: Vec3[]): void {
  const u = random.uniform;
  const atrial = frame.heart(-40, -40, -5);
  const tip = frame.heart(20, -80, -45);
  const lead = curvedTube(
    [vessels.superiorVenaCavaLpsMm, atrial, frame.heart(-28, -55, -28), tip],
    [u(0.9, 1.6), u(0.9, 1.6)],
    3,
  );
  paint('pacingLead', lead, LABELS.device, { baseHu: u(1800, 3000) });
  metalLpsMm.push(atrial, tip);
}

/** The ring of a prosthetic aortic or mitral valve. */
function paintProstheticValve(random: Random, parts: Parts, paint: Paint, metalLpsMm: Vec3[]): void {
  const { ventricle, atrium } = parts.left;
  const aortic = random.chance(0.5);
  const centre = aortic ? ventricle.aorticAnnulusLpsMm : atrium.mitral.centreLpsMm;
  const radius = aortic ? parts.frame.heartScale * 11 : atrium.mitral.radiusMm * 0.9;
  const ring = Array.from({ length: 13 }, (_, index) =>
    addScaled(centre, ringDirection(parts, (index * Math.PI) / 6), radius),
  );
  const radii = ring.map(() => random.uniform(1, 1.8));
  paint('prostheticValve', tube(ring, radii), LABELS.device, { baseHu: random.uniform(1200, 3000) });
  metalLpsMm.push(centre);
}

/** Balls and short vessels near the appendage's tip, of any density. */
function paintStrays(random: Random, { left, hu }: Parts, paint: Paint): void {
  const u = random.uniform;
  const near = left.truth.landmarksLpsMm.tip ?? left.plane.pointLpsMm;
  // The count is drawn again before each one, so that few are likelier than many.
  for (let index = 0; index < random.integer(1, 4); index++) {
    const start = jitter(random, near, 17);
    const stray = random.chance(0.5)
      ? ball(start, u(1, 5))
      : curvedTube(
          [start, jitter(random, start, 9), jitter(random, start, 16)],
          [u(0.7, 2.4), u(0.5, 1.6)],
          2,
        );
    const baseHu = random.chance(0.5) ? u(-80, 120) : u(0.2, 1) * hu.leftAtrium;
    const outsideAtrium = givingWay(stray, left.blood, Math.max(0.8, left.wallMm));
    const apart = givingWay(outsideAtrium, left.ventricle.epicardium, 0.5);
    paint(`stray${index}`, apart, LABELS.softTissue, { baseHu });
  }
}

/** The direction at an angle round the mitral ring. */
function ringDirection({ left }: Parts, angle: number): Vec3 {
  const { axis } = left.atrium.mitral;
  const helper: Vec3 = Math.abs(axis[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const a = normalize([
    axis[1] * helper[2] - axis[2] * helper[1],
    axis[2] * helper[0] - axis[0] * helper[2],
    axis[0] * helper[1] - axis[1] * helper[0],
  ]);
  const b: Vec3 = [
    axis[1] * a[2] - axis[2] * a[1],
    axis[2] * a[0] - axis[0] * a[2],
    axis[0] * a[1] - axis[1] * a[0],
  ];
  return addScaled(
    [a[0] * Math.cos(angle), a[1] * Math.cos(angle), a[2] * Math.cos(angle)],
    b,
    Math.sin(angle),
  );
}
