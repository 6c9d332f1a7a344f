import { addScaled, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import { type HuModel, LABELS, type Label, type Shape, type Tissue } from '../scene.ts';
import { type Filling, paintAppendage } from './appendageFilling.ts';
import { paintExtras } from './paintExtras.ts';
import { paintFolds } from './paintFolds.ts';
import type { Paint, Parts, Texture } from './painting.ts';
import { paintSeptum } from './paintSeptum.ts';
import { paintHeartSac, paintThorax } from './paintSurroundings.ts';
import { complement, givingWay, intersection, offset, type ShapeBook, tube, union } from './shapes.ts';

export interface PaintOptions {
  /** How contrast fills the appendage; as the seed draws it where left out. */
  readonly filling?: Filling | undefined;
  /** Thin soft tissue where the appendage ends, see paintFolds.ts: in some phantoms or in all; none where left out. */
  readonly folds?: 'some' | 'all' | undefined;
}

/** All tissues from the skin to the blood, in the order of painting; and the metal that throws streaks. */
export function paintTissues(
  random: Random,
  parts: Parts,
  book: ShapeBook,
  { filling, folds }: PaintOptions = {},
): { tissues: Tissue[]; metalLpsMm: Vec3[] } {
  const tissues: Tissue[] = [];
  const metalLpsMm: Vec3[] = [];
  const texture = (amplitudeHu: number, wavelengthMm: number) => ({
    amplitudeHu,
    wavelengthMm,
    seed: random.uint32(),
  });
  let counter = 0;
  const paint = (name: string, shape: Shape, label: Label, hu: HuModel): void => {
    const key = shape.kind === 'named' ? shape.name : `paint${counter++}${name}`;
    if (shape.kind !== 'named') book.define(key, shape);
    tissues.push({ name, shape: key, label, hu });
  };
  paintThorax(random.fork('thorax'), parts, paint, texture);
  paintHeartSac(random.fork('sac'), parts, paint, texture, book);
  paintSeptum(random.fork('septum'), parts, paint, texture);
  paintWalls(random.fork('walls'), parts, paint, texture);
  if (folds) paintFolds(random.fork('folds'), parts, paint, folds === 'all');
  paintBlood(random.fork('blood'), parts, paint, texture, filling);
  paintExtras(random.fork('extras'), parts, paint, metalLpsMm);
  return { tissues, metalLpsMm };
}

function paintWalls(
  random: Random,
  { left, vessels, right, hu }: Parts,
  paint: Paint,
  texture: Texture,
): void {
  const u = random.uniform;
  const muscle = texture(u(3, 14), u(5, 14));
  const wall: HuModel = { baseHu: hu.wall };
  paint('rightVentricleWall', givingWay(offset(right.ventricle, u(2, 4)), left.blood, 0), LABELS.myocardium, {
    baseHu: hu.myocardium,
    texture: muscle,
  });
  paint('rightAtriumWall', offset(right.atrium, u(1, 2.2)), LABELS.myocardium, wall);
  paint('leftVentricleMyocardium', left.ventricle.epicardium, LABELS.myocardium, {
    baseHu: hu.myocardium,
    texture: muscle,
  });
  paint('aorticWall', offset(vessels.aorta, u(1, 2)), LABELS.softTissue, wall);
  paint('descendingAorticWall', offset(vessels.descendingAorta, u(1, 2)), LABELS.softTissue, wall);
  paint('pulmonaryArteryWall', offset(vessels.pulmonaryArtery, u(0.6, 1.4)), LABELS.softTissue, wall);
  paint('cavalWall', offset(vessels.superiorVenaCava, 1), LABELS.softTissue, wall);
  paint('atrialWall', offset(left.blood, Math.min(left.wallMm, u(0.25, 1.3))), LABELS.softTissue, wall);
}

function paintBlood(
  random: Random,
  { left, vessels, right, coronaries, hu }: Parts,
  paint: Paint,
  texture: Texture,
  filling: Filling | undefined,
): void {
  const u = random.uniform;
  const mixing = random.chance(0.4) ? u(20, 0.35 * hu.rightVentricle + 20) : u(2, 12);
  const flow = (amount: number) => texture(amount, u(7, 22));
  paint('inferiorVenaCava', vessels.inferiorVenaCava, LABELS.venaCava, {
    baseHu: hu.inferiorVenaCava,
    texture: flow(12),
  });
  paint('rightAtrium', right.atrium, LABELS.rightHeart, { baseHu: hu.rightAtrium, texture: flow(mixing) });
  paint('rightVentricle', right.ventricle, LABELS.rightHeart, {
    baseHu: hu.rightVentricle,
    texture: flow(mixing * 0.6),
  });
  paint('superiorVenaCava', vessels.superiorVenaCava, LABELS.venaCava, {
    baseHu: hu.superiorVenaCava,
    texture: flow(mixing),
  });
  paint('pulmonaryArtery', vessels.pulmonaryArtery, LABELS.pulmonaryArtery, {
    baseHu: hu.pulmonaryArtery,
    texture: flow(mixing * 0.25),
  });
  paint('coronaryVeins', coronaries.veins, LABELS.venaCava, { baseHu: hu.coronaryVeins });
  paint('coronaryArteries', coronaries.arteries, LABELS.coronary, { baseHu: hu.coronaryArteries });
  paint('descendingAorta', vessels.descendingAorta, LABELS.aorta, {
    baseHu: hu.descendingAorta,
    texture: flow(5),
  });
  // A wall to the atrium everywhere but at the valve.
  const { centreLpsMm: valve, axis, radiusMm } = left.atrium.mitral;
  const opening = tube([addScaled(valve, axis, -6), addScaled(valve, axis, 12)], [radiusMm * 0.95, radiusMm]);
  const cavity = union(
    givingWay(left.ventricle.cavity, left.blood, left.wallMm),
    intersection(left.ventricle.cavity, opening),
  );
  paint('leftVentricle', cavity, LABELS.leftVentricle, {
    baseHu: hu.leftVentricle,
    texture: flow(u(2, 16)),
  });
  paint(
    'papillaryMuscles',
    intersection(left.ventricle.papillary, left.ventricle.cavity),
    LABELS.myocardium,
    { baseHu: hu.myocardium },
  );
  paint('aorta', vessels.aorta, LABELS.aorta, { baseHu: hu.aorta, texture: flow(5) });
  // Contrast that swirls in the atrium and on into the appendage.
  const stream = flow(random.chance(0.25) ? u(0.03, 0.16) * hu.leftAtrium : u(0, 6));
  const vein = intersection(left.blood, offset(union(...left.veins.map((v) => v.trunk)), 0));
  paint('leftAtrium', left.blood, LABELS.leftAtrium, { baseHu: hu.leftAtrium, texture: stream });
  const veinOutside = intersection(vein, complement(offset(left.atrium.chamber, 1)), complement(left.lumen));
  paint('pulmonaryVeins', veinOutside, LABELS.pulmonaryVein, { baseHu: hu.pulmonaryVeins, texture: stream });
  paint('mitralLeaflets', left.ventricle.leaflets, LABELS.softTissue, { baseHu: hu.myocardium * u(0.7, 1) });
  paintAppendage(random, left, hu.leftAtrium, stream, paint, filling);
}
