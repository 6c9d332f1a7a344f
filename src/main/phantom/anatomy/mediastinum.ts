import { lerp, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Shape } from '../scene.ts';
import { jitter } from './curves.ts';
import {
  box,
  curvedTube,
  ellipsoid,
  IDENTITY_AXES,
  offset,
  rough,
  smoothUnion,
  tube,
  union,
} from './shapes.ts';
import type { ThoraxSite } from './thoraxSite.ts';
import { growTree } from './vesselTree.ts';

/** The oesophagus, 11–17 mm wide and flattened from front to back to 0.5–0.9 of that; air in three of ten. */
const OESOPHAGUS = {
  radiusMm: [5.5, 8.5],
  flatness: [0.5, 0.9],
  airChance: 0.3,
  airShare: [0.3, 0.42],
} as const;

export interface Oesophagus {
  readonly shape: Shape;
  readonly radiusMm: number;
}

/** Down behind the atrium, then forward and left to the stomach. */
export function buildOesophagus({ random, scale, at }: ThoraxSite): Oesophagus {
  const path = [
    at(6, 34, 90),
    at(6, 32, 50),
    at(random.normal(8, 4), 27, 15),
    at(random.normal(12, 4), 27, -25),
    at(22, 18, -90),
  ];
  const radiusMm = scale * random.uniform(...OESOPHAGUS.radiusMm);
  const squash = { axis: [0, 1, 0], factor: random.uniform(...OESOPHAGUS.flatness) } as const;
  return { shape: curvedTube(path, [radiusMm, radiusMm], 2, squash), radiusMm };
}

/** Air in the oesophagus, in some; names the shape. */
export function oesophagealAir(
  { random, book }: ThoraxSite,
  { shape, radiusMm }: Oesophagus,
): { readonly oesophagusAir?: Shape } {
  if (!random.chance(OESOPHAGUS.airChance)) return {};
  const inner = offset(shape, -radiusMm * random.uniform(...OESOPHAGUS.airShare));
  return { oesophagusAir: book.define('oesophagusAir', rough(inner, 1.6, 9, random.uint32())) };
}

/** Trachea 16–18 mm and main bronchi 10–15 mm across; their walls, mm; bronchi below `leastRadiusMm` are not drawn. */
const AIRWAYS = {
  tracheaMm: [9, 8.5, 8],
  leftMainMm: [7, 6, 5.2],
  rightMainMm: [7.4, 6.6, 5.6],
  wallMm: 1.2,
  leastRadiusMm: 1.1,
  branches: 10,
} as const;

export interface Airways {
  /** The air, as a named shape, and the walls round it, not named. */
  readonly shape: Shape;
  readonly walls: Shape;
  readonly carinaLpsMm: Vec3;
  readonly leftHilumLpsMm: Vec3;
  readonly rightHilumLpsMm: Vec3;
}

/** Trachea, main bronchi, and a tree for each lobe's region. The hila move with the heart, the trachea with the chest. */
export function buildAirways({ random, frame, book, scale: k, at }: ThoraxSite): Airways {
  const carina = jitter(random, at(2, 12, 62), 3);
  const leftHilum = frame.heart(36, 17, 26);
  const rightHilum = frame.heart(-44, 12, 28);
  const scaled = (radiiMm: readonly number[]): number[] => radiiMm.map((mm) => k * mm);
  const main = (hilum: Vec3, radiiMm: readonly number[]): Shape =>
    curvedTube([carina, lerp(carina, hilum, 0.5), hilum], scaled(radiiMm), 2);
  const tree = (name: string, start: Vec3, direction: Vec3, radiusMm: number): Shape[] =>
    growTree(random.fork(name), start, normalize(direction), {
      radiusMm,
      leastRadiusMm: AIRWAYS.leastRadiusMm,
      limit: AIRWAYS.branches,
      lean: { direction: normalize(direction), weight: 0.1 },
    });
  const shape = book.define(
    'airways',
    union(
      curvedTube([at(2, 8, 130), at(2, 9, 95), carina], scaled(AIRWAYS.tracheaMm), 2),
      main(leftHilum, AIRWAYS.leftMainMm),
      main(rightHilum, AIRWAYS.rightMainMm),
      ...tree('left upper', leftHilum, [0.7, -0.3, 0.5], k * 3.6),
      ...tree('left lower', leftHilum, [0.45, 0.35, -0.8], k * 4.2),
      ...tree('right upper', rightHilum, [-0.7, -0.1, 0.6], k * 3.8),
      ...tree('right lower', rightHilum, [-0.5, 0.25, -0.8], k * 4.4),
    ),
  );
  return {
    shape,
    walls: offset(shape, AIRWAYS.wallMm),
    carinaLpsMm: carina,
    leftHilumLpsMm: leftHilum,
    rightHilumLpsMm: rightHilum,
  };
}

/** Fat before the spine, behind the sternum, between the great vessels, round oesophagus and hila. Half sizes in mm. */
export function buildMediastinalFat(
  { random, frame, scale: k, frontMm, at }: ThoraxSite,
  spineY: number,
  oesophagus: Shape,
  { carinaLpsMm, leftHilumLpsMm, rightHilumLpsMm }: Airways,
): Shape {
  const u = random.uniform;
  return smoothUnion(
    10,
    box(at(0, spineY + 6, 0), [k * 22, k * 22, k * 280], IDENTITY_AXES, 12),
    box(at(0, -80 + frontMm, 0), [k * u(10, 26), k * 14, k * 280], IDENTITY_AXES, 10),
    box(at(4, 10, 90), [k * 34, k * 40, k * 45], IDENTITY_AXES, 25),
    offset(oesophagus, 3),
    ellipsoid(frame.heart(-4, 8, 40), [k * 24, k * 17, k * 20], IDENTITY_AXES),
    box(at(8, 30, 0), [k * u(14, 24), k * 24, k * 280], IDENTITY_AXES, 14),
    tube([carinaLpsMm, leftHilumLpsMm], [k * 12, k * 9]),
    tube([carinaLpsMm, rightHilumLpsMm], [k * 12, k * 10]),
  );
}
