import { addScaled, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import { LABELS } from '../scene.ts';
import { jitter } from './curves.ts';
import type { Paint, Parts } from './painting.ts';
import { ball, curvedTube, givingWay, tube } from './shapes.ts';
/**
 * Calcium, stents, leads, a prosthetic valve, and stray structures beside the appendage that no anatomy has, so that
 * a network learns to ignore them.
 */
export function paintExtras(random: Random, parts: Parts, paint: Paint, metalLpsMm: Vec3[]): void {
  const { left, vessels, coronaries, frame, hu } = parts;
  const u = random.uniform;
  if (coronaries.calcifications)
    paint('calcium', coronaries.calcifications, LABELS.coronary, { baseHu: u(500, 1400) });
  if (coronaries.stents) paint('stent', coronaries.stents, LABELS.device, { baseHu: u(900, 2000) });
  const mitral = left.atrium.mitral;
  if (random.chance(0.07)) {
    const arc = Array.from({ length: 5 }, (_, index) =>
      jitter(
        random,
        addScaled(
          addScaled(mitral.centreLpsMm, mitral.axis, 1),
          ringDirection(parts, 1.2 + index * 0.35),
          mitral.radiusMm + 2,
        ),
        1,
      ),
    );
    paint(
      'annularCalcium',
      tube(
        arc,
        arc.map(() => u(0.8, 2.6)),
      ),
      LABELS.softTissue,
      { baseHu: u(500, 1500) },
    );
  }
  if (random.chance(0.06)) {
    const lead = curvedTube(
      [
        vessels.superiorVenaCavaLpsMm,
        frame.heart(-40, -40, -5),
        frame.heart(-28, -55, -28),
        frame.heart(20, -80, -45),
      ],
      [u(0.9, 1.6), u(0.9, 1.6)],
      3,
    );
    paint('pacingLead', lead, LABELS.device, { baseHu: u(1800, 3000) });
    metalLpsMm.push(frame.heart(-40, -40, -5), frame.heart(20, -80, -45));
  }
  if (random.chance(0.025)) {
    const aortic = random.chance(0.5);
    const centre = aortic ? left.ventricle.aorticAnnulusLpsMm : mitral.centreLpsMm;
    const radius = aortic ? frame.heartScale * 11 : mitral.radiusMm * 0.9;
    const ring = Array.from({ length: 13 }, (_, index) =>
      addScaled(centre, ringDirection(parts, (index * Math.PI) / 6), radius),
    );
    paint(
      'prostheticValve',
      tube(
        ring,
        ring.map(() => u(1, 1.8)),
      ),
      LABELS.device,
      { baseHu: u(1200, 3000) },
    );
    metalLpsMm.push(centre);
  }
  const near = left.truth.landmarksLpsMm.tip ?? left.plane.pointLpsMm;
  if (random.chance(0.25)) {
    for (let index = 0; index < random.integer(1, 4); index++) {
      const start = jitter(random, near, 17);
      const thing = random.chance(0.5)
        ? ball(start, u(1, 5))
        : curvedTube(
            [start, jitter(random, start, 9), jitter(random, start, 16)],
            [u(0.7, 2.4), u(0.5, 1.6)],
            2,
          );
      const level = random.chance(0.5) ? u(-80, 120) : u(0.2, 1) * hu.leftAtrium;
      const apart = givingWay(
        givingWay(thing, left.blood, Math.max(0.8, left.wallMm)),
        left.ventricle.epicardium,
        0.5,
      );
      paint(`stray${index}`, apart, LABELS.softTissue, { baseHu: level });
    }
  }
}

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
