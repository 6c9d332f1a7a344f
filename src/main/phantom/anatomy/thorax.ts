import { addScaled } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { buildAirways, buildMediastinalFat, buildOesophagus, oesophagealAir } from './mediastinum.ts';
import { box, IDENTITY_AXES, offset, rough, type ShapeBook, smoothUnion, tube } from './shapes.ts';
import { buildSkeleton } from './skeleton.ts';
import { drawThoraxSite, type ThoraxSite } from './thoraxSite.ts';
import { buildUpperAbdomen } from './upperAbdomen.ts';

/** What lies round the heart, as named shapes where nothing else is said. */
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
  /** Fat behind the sternum, before the spine and round the hila; not named. */
  readonly mediastinalFat: Shape;
}

/** The chest cavity as a rounded box: half widths and half depth, mm. About 25 × 16 cm inside the ribs. */
const CAVITY = { halfWidthMm: [118, 132], halfDepthMm: 82, halfHeightMm: 260, roundingMm: 74 } as const;
/** Muscle and ribs together, and the fat under the skin, mm; fat is never thinner than `leastFatMm`. */
const CHEST_WALL = { muscleMm: [9, 17], fatMm: { mean: 16, sd: 9 }, leastFatMm: 4 } as const;
/** The muscles beside the spine, which with the shoulder blades thicken the back: two flat columns, mm. */
const BACK = { asideMm: 30, radiusMm: 27, flatness: 0.75 };
/** The scanner's table: half sizes, and how far it keeps from the skin, mm. */
const TABLE = { halfSizesMm: [210, 4, 400], belowSkinMm: 3, roundingMm: 3 } as const;

/**
 * Everything from the skin to the airways. Sizes are those of adults on CT, chosen to look right and not fitted to a
 * series: docs/phantom-anatomy.md, "Chest".
 */
export function buildThorax(random: Random, frame: BodyFrame, book: ShapeBook): Thorax {
  const site = drawThoraxSite(random, frame, book);
  const wall = buildChestWall(site);
  const skeleton = buildSkeleton(site, book.field(wall.inner));
  const abdomen = buildUpperAbdomen(site);
  const oesophagus = buildOesophagus(site);
  const airways = buildAirways(site);
  const mediastinalFat = buildMediastinalFat(site, skeleton.spineY, oesophagus.shape, airways);
  return {
    skin: wall.skin,
    muscle: wall.muscle,
    cavity: wall.cavity,
    bones: book.define('bones', skeleton.bones),
    marrow: book.define('marrow', skeleton.marrow),
    canal: book.define('spinalCanal', skeleton.canal),
    liver: book.define('liver', abdomen.liver),
    stomachWall: book.define('stomach', abdomen.stomachWall),
    stomachAir: book.define('stomachAir', abdomen.stomachAir),
    oesophagus: book.define('oesophagus', oesophagus.shape),
    ...oesophagealAir(site, oesophagus),
    airways: airways.shape,
    airwayWalls: book.define('airwayWalls', airways.walls),
    table: book.define('table', tableUnder(site, wall.fatMm)),
    mediastinalFat,
  };
}

interface ChestWall {
  /** The cavity without its roughness, not named: what ribs are laid along. */
  readonly inner: Shape;
  readonly cavity: Shape;
  readonly muscle: Shape;
  readonly skin: Shape;
  readonly fatMm: number;
}

/** Cavity, the muscles round it, and the skin over the fat. */
function buildChestWall({ random, book, scale, frontMm, at }: ThoraxSite): ChestWall {
  const u = random.uniform;
  const inner = box(
    at(0, -5 + frontMm / 2, 0),
    [
      scale * u(...CAVITY.halfWidthMm),
      scale * (CAVITY.halfDepthMm - frontMm / 2),
      scale * CAVITY.halfHeightMm,
    ],
    IDENTITY_AXES,
    scale * CAVITY.roundingMm,
  );
  const cavity = book.define('chestCavity', rough(inner, 2, 45, random.uint32()));
  const muscleMm = scale * u(...CHEST_WALL.muscleMm);
  const { fatMm: fat, leastFatMm } = CHEST_WALL;
  const fatMm = scale * Math.max(leastFatMm, random.normal(fat.mean, fat.sd));
  const radius = scale * BACK.radiusMm;
  const back = [-1, 1].map((side) =>
    tube([at(side * BACK.asideMm, 92, -220), at(side * BACK.asideMm, 88, 220)], [radius, radius], {
      axis: [0, 1, 0],
      factor: BACK.flatness,
    }),
  );
  const muscle = book.define(
    'chestWall',
    rough(smoothUnion(14, offset(inner, muscleMm), ...back), 2.5, 30, random.uint32()),
  );
  return { inner, cavity, muscle, skin: book.define('skin', offset(muscle, fatMm)), fatMm };
}

/** The scanner's table under the back. */
const tableUnder = ({ at }: ThoraxSite, fatMm: number): Shape =>
  box(
    addScaled(at(0, 117, 0), [0, 1, 0], fatMm + TABLE.belowSkinMm),
    TABLE.halfSizesMm,
    IDENTITY_AXES,
    TABLE.roundingMm,
  );
