import {
  addScaled,
  distance,
  normalize,
  scale as scaled,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import { type HuModel, LABELS, type Label, type Shape, type Tissue } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import type { Coronaries } from './coronaries.ts';
import { jitter } from './curves.ts';
import type { Enhancement } from './enhancement.ts';
import type { GreatVessels } from './greatVessels.ts';
import type { LeftHeart } from './leftHeart.ts';
import type { RightHeart } from './rightHeart.ts';
import {
  ball,
  complement,
  curvedTube,
  ellipsoid,
  givingWay,
  halfSpace,
  intersection,
  offset,
  rough,
  type ShapeBook,
  smoothUnion,
  tube,
  union,
} from './shapes.ts';
import type { Thorax } from './thorax.ts';

export interface Parts {
  readonly frame: BodyFrame;
  readonly left: LeftHeart;
  readonly vessels: GreatVessels;
  readonly right: RightHeart;
  readonly coronaries: Coronaries;
  readonly thorax: Thorax;
  readonly hu: Enhancement;
}

/** All tissues from the skin to the blood, in the order of painting; and the metal that throws streaks. */
export function paintTissues(
  random: Random,
  parts: Parts,
  book: ShapeBook,
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
  paintWalls(random.fork('walls'), parts, paint, texture);
  paintBlood(random.fork('blood'), parts, paint, texture);
  paintExtras(random.fork('extras'), parts, paint, metalLpsMm);
  return { tissues, metalLpsMm };
}

type Paint = (name: string, shape: Shape, label: Label, hu: HuModel) => void;
type Texture = (amplitudeHu: number, wavelengthMm: number) => NonNullable<HuModel['texture']>;

function paintThorax(
  random: Random,
  { thorax, left, vessels, hu, frame }: Parts,
  paint: Paint,
  texture: Texture,
): void {
  const u = random.uniform;
  paint('table', thorax.table, LABELS.softTissue, { baseHu: -300 });
  paint('skin', thorax.skin, LABELS.softTissue, { baseHu: 10 });
  paint('subcutaneousFat', offset(thorax.skin, -1.8), LABELS.fat, {
    baseHu: hu.bodyFat,
    texture: texture(8, 9),
  });
  paint('chestWall', thorax.muscle, LABELS.softTissue, { baseHu: hu.softTissue, texture: texture(45, 13) });
  const lungHu = random.chance(0.03) ? u(-50, 50) : hu.lung;
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
  if (random.chance(0.07)) {
    // Collapsed lung or fluid beside the heart.
    const tip = left.truth.landmarksLpsMm.tip ?? left.plane.pointLpsMm;
    const beside = addScaled(
      tip,
      frame.heartDirection(normalize([1, u(-0.6, 0.6), u(-0.6, 0.6)])),
      u(10, 35),
    );
    const patch = ellipsoid(jitter(random, beside, 6), [u(10, 35), u(10, 35), u(10, 35)], frame.heartAxes);
    paint(
      'airlessLung',
      intersection(rough(patch, 3, 14, random.uint32()), thorax.cavity),
      LABELS.softTissue,
      {
        baseHu: u(-60, 70),
        texture: texture(20, 8),
      },
    );
  }
  const veins = left.veins.flatMap((vein) => vein.branches);
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
  const arterial = vessels.pulmonaryBranches;
  paint('pulmonaryArteryBranches', union(...arterial), LABELS.pulmonaryArtery, {
    baseHu: hu.pulmonaryArtery,
  });
  paint('pulmonaryVeinBranches', union(...veins), LABELS.pulmonaryVein, {
    baseHu: hu.leftAtrium * u(0.93, 1.03),
  });
  paint('airways', thorax.airways, LABELS.airway, { baseHu: -1000 });
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
function paintHeartSac(
  random: Random,
  { left, vessels, right, hu, frame, coronaries }: Parts,
  paint: Paint,
  texture: Texture,
  book: ShapeBook,
): void {
  const u = random.uniform;
  const lean = random.chance(0.12);
  const fatMm = lean ? u(0.2, 0.8) : Math.max(0.3, random.normal(1.3, 1.4));
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
  const stream = flow(random.chance(0.2) ? u(8, 35) : u(0, 6));
  const vein = intersection(left.blood, offset(union(...left.veins.map((v) => v.trunk)), 0));
  paint('leftAtrium', left.blood, LABELS.leftAtrium, { baseHu: hu.leftAtrium, texture: stream });
  const veinOutside = intersection(vein, complement(offset(left.atrium.chamber, 1)), complement(left.lumen));
  paint('pulmonaryVeins', veinOutside, LABELS.pulmonaryVein, { baseHu: hu.leftAtrium, texture: stream });
  paint('mitralLeaflets', left.ventricle.leaflets, LABELS.softTissue, { baseHu: hu.myocardium * u(0.7, 1) });
  paintAppendage(random, left, hu, stream, paint);
}

/** The appendage as filled as the atrium, or less towards its tip (24 %), or with a thrombus (4 %, drawn in 6 %). */
function paintAppendage(
  random: Random,
  left: LeftHeart,
  hu: Enhancement,
  stream: NonNullable<HuModel['texture']>,
  paint: Paint,
): void {
  const u = random.uniform;
  const line = left.truth.centreLineLpsMm;
  const tip = line[line.length - 1]!;
  const reach = Math.max(8, distance(line[0]!, tip));
  const direction = normalize(subtract(tip, line[0]!));
  const thrombus = random.chance(0.06);
  const underfilled = thrombus || random.chance(0.24);
  const baseHu = hu.leftAtrium * (random.chance(0.3) ? u(0.82, 1.04) : 1);
  const model: HuModel = {
    baseHu,
    texture: stream,
    ...(underfilled
      ? {
          ramp: {
            fromLpsMm: line[0]!,
            direction,
            startMm: u(-0.2, 0.6) * reach,
            endMm: u(0.7, 1.3) * reach,
            deltaHu: -(baseHu - 40) * u(0.15, 0.9),
          },
        }
      : {}),
  };
  paint('appendage', left.lumen, LABELS.appendage, model);
  if (!thrombus) return;
  const clot = rough(
    ball(addScaled(tip, direction, u(-6, 2)), u(4, 11)),
    u(0.5, 2),
    u(4, 9),
    random.uint32(),
  );
  paint('thrombus', intersection(left.lumen, clot), LABELS.thrombus, {
    baseHu: u(25, 90),
    texture: { ...stream, amplitudeHu: 8 },
  });
}

/** Calcium, stents, leads, a prosthetic valve, and things that no anatomy asks for but that a network must not mind. */
function paintExtras(random: Random, parts: Parts, paint: Paint, metalLpsMm: Vec3[]): void {
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
