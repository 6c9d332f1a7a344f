import { addScaled, normalize, scale as scaled, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import { LABELS, type Shape } from '../scene.ts';
import { jitter } from './curves.ts';
import type { Paint, Parts, Texture } from './painting.ts';
import {
  ellipsoid,
  halfSpace,
  intersection,
  offset,
  rough,
  type ShapeBook,
  smoothUnion,
  union,
} from './shapes.ts';

/** How often lungs hold no air, wholly or in a patch beside the heart: docs/phantom-anatomy.md (ours). */
const CHANCE = { airlessLungs: 0.03, airlessPatch: 0.07 } as const;

/** Skin to airways: everything round the heart. The order of the draws is part of what a seed means. */
export function paintThorax(random: Random, parts: Parts, paint: Paint, texture: Texture): void {
  const { thorax, hu } = parts;
  paint('table', thorax.table, LABELS.softTissue, { baseHu: -300 });
  paint('skin', thorax.skin, LABELS.softTissue, { baseHu: 10 });
  paint('subcutaneousFat', offset(thorax.skin, -1.8), LABELS.fat, {
    baseHu: hu.bodyFat,
    texture: texture(8, 9),
  });
  paint('chestWall', thorax.muscle, LABELS.softTissue, { baseHu: hu.softTissue, texture: texture(45, 13) });
  paintLungs(random, parts, paint, texture);
  paintMediastinum(random, parts, paint, texture);
  paintAbdomenAndBones(random, parts, paint, texture);
}

/** Lungs, denser towards the back, and in some a patch without air. */
function paintLungs(
  random: Random,
  { thorax, left, hu, frame }: Parts,
  paint: Paint,
  texture: Texture,
): void {
  const u = random.uniform;
  const lungHu = random.chance(CHANCE.airlessLungs) ? u(-50, 50) : hu.lung;
  paint('lung', thorax.cavity, LABELS.lung, {
    baseHu: lungHu - u(0, 40),
    texture: texture(u(8, 30), u(5, 14)),
    ramp: {
      fromLpsMm: frame.atriumCentreLpsMm,
      direction: [0, 1, 0],
      startMm: -70,
      endMm: 90,
      deltaHu: u(10, 90),
    },
  });
  if (!random.chance(CHANCE.airlessPatch)) return;
  // Collapsed lung or fluid beside the heart.
  const tip = left.truth.landmarksLpsMm.tip ?? left.plane.pointLpsMm;
  const away = frame.heartDirection(normalize([1, u(-0.6, 0.6), u(-0.6, 0.6)]));
  const beside = addScaled(tip, away, u(10, 35));
  const patch = ellipsoid(jitter(random, beside, 6), [u(10, 35), u(10, 35), u(10, 35)], frame.heartAxes);
  const inCavity = intersection(rough(patch, 3, 14, random.uint32()), thorax.cavity);
  paint('airlessLung', inCavity, LABELS.softTissue, { baseHu: u(-60, 70), texture: texture(20, 8) });
}

/** Fat round the great vessels, the airways and the vessels of the lungs. */
function paintMediastinum(
  random: Random,
  { thorax, left, vessels, hu }: Parts,
  paint: Paint,
  texture: Texture,
): void {
  const u = random.uniform;
  const mediastinum = smoothUnion(
    u(7, 13),
    thorax.mediastinalFat,
    offset(vessels.aorta, u(1.5, 4)),
    offset(vessels.descendingAorta, u(1.2, 3)),
    offset(vessels.pulmonaryArtery, u(1.5, 3)),
    offset(vessels.superiorVenaCava, u(1.5, 3)),
    offset(vessels.inferiorVenaCava, 2),
  );
  const fat = random.chance(0.88) ? hu.bodyFat + u(-10, 20) : u(-40, 60);
  paint('mediastinum', mediastinum, LABELS.fat, { baseHu: fat, texture: texture(u(5, 35), u(4, 9)) });
  paint('airwayWalls', thorax.airwayWalls, LABELS.softTissue, { baseHu: u(0, 60) });
  paint('pulmonaryArteryBranches', union(...vessels.pulmonaryBranches), LABELS.pulmonaryArtery, {
    baseHu: hu.pulmonaryArtery,
  });
  const veins = left.veins.flatMap((vein) => vein.branches);
  paint('pulmonaryVeinBranches', union(...veins), LABELS.pulmonaryVein, {
    baseHu: hu.pulmonaryVeins * u(0.93, 1.03),
  });
  paint('airways', thorax.airways, LABELS.airway, { baseHu: -1000 });
}

/** Liver and stomach, bones, and the oesophagus. */
function paintAbdomenAndBones(random: Random, { thorax, hu }: Parts, paint: Paint, texture: Texture): void {
  const u = random.uniform;
  paint('liver', offset(thorax.liver, 0), LABELS.softTissue, { baseHu: u(55, 125), texture: texture(8, 12) });
  paint('stomach', thorax.stomachWall, LABELS.softTissue, { baseHu: u(30, 80) });
  paint('stomachAir', thorax.stomachAir, LABELS.air, { baseHu: random.chance(0.6) ? -990 : u(0, 60) });
  paint('bones', thorax.bones, LABELS.bone, { baseHu: hu.bone, texture: texture(90, 7) });
  paint('marrow', thorax.marrow, LABELS.bone, { baseHu: hu.marrow, texture: texture(60, 4) });
  paint('spinalCanal', thorax.canal, LABELS.softTissue, { baseHu: 25 });
  paint('oesophagus', thorax.oesophagus, LABELS.softTissue, { baseHu: u(25, 70) });
  if (thorax.oesophagusAir)
    paint('oesophagusAir', thorax.oesophagusAir, LABELS.air, { baseHu: u(-950, -300) });
}

/** Pericardium, its fat, and an effusion in a few. */
export function paintHeartSac(
  random: Random,
  { left, vessels, right, hu, frame, coronaries }: Parts,
  paint: Paint,
  texture: Texture,
  book: ShapeBook,
): void {
  const u = random.uniform;
  const lean = random.chance(0.4);
  const fatMm = lean ? u(0, 0.6) : Math.max(0.3, random.normal(1.1, 1.3));
  const top = halfSpace(frame.heart(0, -30, 52), frame.heartDirection([0, 0, 1]));
  // Fat that fills the hollows: beside the appendage, in the transverse sinus, behind the right heart.
  const filler = (x: number, y: number, z: number, radii: Vec3, share: number): Shape =>
    ellipsoid(
      jitter(random, frame.heart(x, y, z), 4),
      scaled(radii, frame.heartScale * share),
      frame.heartAxes,
    );
  const fillers = [
    filler(23, -33, 11, [24, 26, 24], u(0.2, 0.75)),
    filler(-16, -24, 24, [24, 20, 26], u(0.8, 1)),
    filler(-4, -38, -34, [30, 24, 24], u(0.8, 1)),
    filler(9, -31, 19, [23, 18, 20], u(0.85, 1)),
    filler(-3, -15, 34, [24, 16, 15], u(0.85, 1)),
  ];
  const contents = smoothUnion(
    u(5, 12),
    left.ventricle.epicardium,
    offset(left.atrium.chamber, left.wallMm),
    offset(right.ventricle, 3),
    offset(right.atrium, 2),
    offset(left.lumen, left.wallMm),
    intersection(offset(vessels.aorta, 1.5), top),
    intersection(offset(vessels.pulmonaryArtery, 1.2), top),
    offset(coronaries.arteries, 0.6),
    offset(coronaries.veins, 0.8),
    ...fillers,
  );
  const sac = book.define(
    'pericardialSac',
    rough(offset(contents, fatMm), u(0.3, 1.8), u(10, 22), random.uint32()),
  );
  paint('pericardium', offset(sac, u(0.3, 1.1)), LABELS.softTissue, {
    baseHu: random.chance(0.8) ? u(5, 70) : u(-80, 5),
  });
  paint('epicardialFat', sac, LABELS.fat, { baseHu: hu.epicardialFat, texture: texture(u(4, 30), u(3, 8)) });
  if (random.chance(0.06)) {
    const low = halfSpace(frame.heart(0, u(-10, 25), u(-20, 30)), normalize([0.1, -0.7, 0.7]));
    paint('pericardialEffusion', intersection(sac, low), LABELS.softTissue, { baseHu: u(0, 40) });
  }
}
