import { addScaled, lerp, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter } from './curves.ts';
import { moveToLevel } from './shapeField.ts';
import {
  box,
  curvedTube,
  ellipsoid,
  givingWay,
  IDENTITY_AXES,
  offset,
  rough,
  type ShapeBook,
  smoothUnion,
  tube,
  union,
} from './shapes.ts';
import { growTree } from './vesselTree.ts';

export interface Thorax {
  readonly skin: Shape;
  readonly muscle: Shape;
  /** The inside of the rib cage. */
  readonly cavity: Shape;
  readonly bones: Shape;
  readonly marrow: Shape;
  readonly canal: Shape;
  readonly liver: Shape;
  readonly stomachWall: Shape;
  readonly stomachAir: Shape;
  readonly oesophagus: Shape;
  readonly oesophagusAir?: Shape;
  readonly airwayWalls: Shape;
  readonly airways: Shape;
  readonly table: Shape;
  /** Fat behind the sternum, before the spine and round the hila. */
  readonly mediastinalFat: Shape;
  readonly midlineMm: number;
}

const LEVELS = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5] as const;

export function buildThorax(random: Random, frame: BodyFrame, book: ShapeBook): Thorax {
  const k = frame.thoraxScale;
  const midline = -14 + random.normal(0, 4);
  const front = random.normal(0, 5);
  const at = (x: number, y: number, z: number): Vec3 => frame.thorax(midline + x, y, z);
  const u = random.uniform;
  const cavityShape = box(
    at(0, -5 + front / 2, 0),
    [k * u(118, 132), k * (82 - front / 2), k * 260],
    IDENTITY_AXES,
    k * 74,
  );
  const cavity = book.define('chestCavity', rough(cavityShape, 2, 45, random.uint32()));
  const cavityField = book.field(cavityShape);
  const muscleMm = k * u(9, 17);
  const fatMm = k * Math.max(4, random.normal(16, 9));
  // The muscles beside the spine's arches and the shoulder blades thicken the back.
  const back = [-1, 1].map((side) =>
    tube([at(side * 30, 92, -220), at(side * 30, 88, 220)], [k * 27, k * 27], {
      axis: [0, 1, 0],
      factor: 0.75,
    }),
  );
  const muscle = book.define(
    'chestWall',
    rough(smoothUnion(14, offset(cavityShape, muscleMm), ...back), 2.5, 30, random.uint32()),
  );
  const skin = book.define('skin', offset(muscle, fatMm));

  const spineY = 58 + random.normal(0, 3);
  const bones: Shape[] = [];
  const marrow: Shape[] = [];
  const bodyMm = k * u(15, 19);
  const shift = u(-13, 13);
  const discs: Shape[] = [];
  for (const level of LEVELS) {
    const z = level * 27 + shift;
    discs.push(box(at(0, spineY, z + 13.5), [bodyMm + 2, bodyMm + 2, k * u(2.2, 4)], IDENTITY_AXES, 1.5));
    bones.push(
      tube([at(0, spineY + 26, z - 4), at(0, spineY + 46, z - 20)], [k * 4, k * 3]),
      tube(
        [at(-11, spineY + 14, z), at(-9, spineY + 24, z), at(0, spineY + 28, z - 3)],
        [k * 5, k * 4.5, k * 4],
      ),
      tube(
        [at(11, spineY + 14, z), at(9, spineY + 24, z), at(0, spineY + 28, z - 3)],
        [k * 5, k * 4.5, k * 4],
      ),
      tube([at(-9, spineY + 20, z), at(-30, spineY + 26, z + 3)], [k * 4.5, k * 4]),
      tube([at(9, spineY + 20, z), at(30, spineY + 26, z + 3)], [k * 4.5, k * 4]),
    );
    for (const side of [-1, 1]) {
      const path: Vec3[] = [at(side * 18, spineY + 8, z)];
      for (let step = 1; step <= 8; step++) {
        const angle = (step / 8.6) * Math.PI;
        const p = at(side * 105 * Math.sin(angle) ** 0.8, 60 * Math.cos(angle) ** 1 - 5, z + 8 - step * 9.5);
        path.push(moveToLevel(cavityField, p, k * 5, 'both'));
      }
      const ribMm = k * u(4.2, 5.6);
      bones.push(
        tube(
          path,
          path.map(() => ribMm),
        ),
      );
      marrow.push(
        tube(
          path,
          path.map(() => ribMm * 0.62),
        ),
      );
    }
  }
  const column = (radius: number) =>
    tube([at(0, spineY, -220), at(0, spineY, 220)], [radius, radius], { axis: [0, 1, 0], factor: 0.84 });
  const discShape = book.define('discs', union(...discs));
  bones.push(givingWay(column(bodyMm), discShape, 0));
  marrow.push(givingWay(column(bodyMm - 1.8), discShape, 1.4));
  const breastbone = at(0, -(91 - front), 10);
  bones.push(box(breastbone, [k * u(15, 20), k * 5.5, k * 78], IDENTITY_AXES, k * 4.5));
  marrow.push(box(breastbone, [k * 14, k * 3.8, k * 76], IDENTITY_AXES, k * 3.5));

  const liverTop = -8 + random.normal(0, 14);
  const liver = union(
    ellipsoid(at(-62, -2, liverTop - 85), [k * 70, k * 80, k * 82], IDENTITY_AXES),
    ellipsoid(at(5, -30, liverTop - 112), [k * 75, k * 52, k * 58], IDENTITY_AXES),
  );
  const stomach = ellipsoid(
    jitter(random, at(72, 15, liverTop - 95), 8),
    [k * 42, k * 42, k * u(40, 66)],
    IDENTITY_AXES,
  );

  const oesophagusPath = [
    at(6, 34, 90),
    at(6, 32, 50),
    at(random.normal(8, 4), 27, 15),
    at(random.normal(12, 4), 27, -25),
    at(22, 18, -90),
  ];
  const oesophagusMm = k * u(5.5, 8.5);
  const oesophagus = curvedTube(oesophagusPath, [oesophagusMm, oesophagusMm], 2, {
    axis: [0, 1, 0],
    factor: u(0.5, 0.9),
  });
  const carina = jitter(random, at(2, 12, 62), 3);
  const trachea = curvedTube([at(2, 8, 130), at(2, 9, 95), carina], [k * 9, k * 8.5, k * 8], 2);
  const leftHilum = frame.heart(36, 17, 26);
  const rightHilum = frame.heart(-44, 12, 28);
  const leftMain = curvedTube([carina, lerp(carina, leftHilum, 0.5), leftHilum], [k * 7, k * 6, k * 5.2], 2);
  const rightMain = curvedTube(
    [carina, lerp(carina, rightHilum, 0.5), rightHilum],
    [k * 7.4, k * 6.6, k * 5.6],
    2,
  );
  const tree = (name: string, start: Vec3, direction: Vec3, radius: number) =>
    growTree(random.fork(name), start, normalize(direction), {
      radiusMm: radius,
      leastRadiusMm: 1.1,
      limit: 10,
      lean: { direction: normalize(direction), weight: 0.1 },
    });
  const airwayShapes = [
    trachea,
    leftMain,
    rightMain,
    ...tree('left upper', leftHilum, [0.7, -0.3, 0.5], k * 3.6),
    ...tree('left lower', leftHilum, [0.45, 0.35, -0.8], k * 4.2),
    ...tree('right upper', rightHilum, [-0.7, -0.1, 0.6], k * 3.8),
    ...tree('right lower', rightHilum, [-0.5, 0.25, -0.8], k * 4.4),
  ];
  const airways = book.define('airways', union(...airwayShapes));
  const mediastinalFat = smoothUnion(
    10,
    box(at(0, spineY + 6, 0), [k * 22, k * 22, k * 280], IDENTITY_AXES, 12),
    box(at(0, -80 + front, 0), [k * u(10, 26), k * 14, k * 280], IDENTITY_AXES, 10),
    box(at(4, 10, 90), [k * 34, k * 40, k * 45], IDENTITY_AXES, 25),
    offset(oesophagus, 3),
    ellipsoid(frame.heart(-4, 8, 40), [k * 24, k * 17, k * 20], IDENTITY_AXES),
    box(at(8, 30, 0), [k * u(14, 24), k * 24, k * 280], IDENTITY_AXES, 14),
    tube([carina, leftHilum], [k * 12, k * 9]),
    tube([carina, rightHilum], [k * 12, k * 10]),
  );
  return {
    skin,
    muscle,
    cavity,
    bones: book.define('bones', union(...bones)),
    marrow: book.define('marrow', union(...marrow)),
    canal: book.define(
      'spinalCanal',
      tube([at(0, spineY + 20, -200), at(0, spineY + 20, 200)], [k * 8, k * 8]),
    ),
    liver: book.define('liver', liver),
    stomachWall: book.define('stomach', stomach),
    stomachAir: book.define('stomachAir', offset(stomach, -5)),
    oesophagus: book.define('oesophagus', oesophagus),
    ...(random.chance(0.3)
      ? {
          oesophagusAir: book.define(
            'oesophagusAir',
            rough(offset(oesophagus, -oesophagusMm * u(0.3, 0.42)), 1.6, 9, random.uint32()),
          ),
        }
      : {}),
    airways,
    airwayWalls: book.define('airwayWalls', offset(airways, 1.2)),
    table: book.define(
      'table',
      box(addScaled(at(0, 117, 0), [0, 1, 0], fatMm + 3), [210, 4, 400], IDENTITY_AXES, 3),
    ),
    mediastinalFat,
    midlineMm: addScaled(at(0, 0, 0), [1, 0, 0], 0)[0],
  };
}
