import type { GridLps } from '#shared/geometry/gridLps.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';
import type { CtAcquisition, PhantomScene } from '../scene.ts';
import {
  type AcquisitionSpacing,
  drawAcquisition,
  drawAcquisitionSpacing,
  type Variety,
} from './acquisition.ts';
import type { Filling } from './appendageFilling.ts';
import { drawBodyFrame } from './bodyFrame.ts';
import { buildCoronaries } from './coronaries.ts';
import { type BoxLps, cullScene } from './cullScene.ts';
import { drawEnhancement } from './enhancement.ts';
import { buildGreatVessels } from './greatVessels.ts';
import { buildLeftHeart } from './leftHeart.ts';
import { paintTissues } from './paint.ts';
import { buildRightHeart } from './rightHeart.ts';
import { drawSeptum } from './septum.ts';
import { createShapeBook } from './shapes.ts';
import { defineSurroundings } from './surroundings.ts';
import { buildThorax } from './thorax.ts';
import {
  drawHardships,
  stepsAbout,
  wideAcquisition,
  wideAtriumHu,
  wideHeart,
  wideSoftTissues,
} from './wideVariety.ts';

export interface SceneOptions {
  /** `crop` leaves out what a cube of ±60 mm round the appendage never shows. Default `thorax`. */
  readonly detail?: 'crop' | 'thorax';
  /** The scan grid that blur and noise belong to; drawn from the seed when left out. */
  readonly spacing?: AcquisitionSpacing;
  /** `wide` adds a vein along the appendage, thin tissue at its ends, motion, low contrast and noise as outside of gated cardiac CT; see wideVariety.ts. Default `usual`. */
  readonly variety?: Variety;
  /** Draws what a wide variety has that is hard to segment more often than it comes; see drawHardships. */
  readonly hard?: boolean | undefined;
  /** How contrast fills the appendage; as the seed draws it where left out. All else stays as it is. */
  readonly filling?: Filling | undefined;
  /** Names what surrounds the appendage as well; see surroundings.ts. Tissues stay as they are. */
  readonly surroundings?: boolean;
  /** Replaces parts of the drawn acquisition. */
  readonly acquisition?: Partial<CtAcquisition>;
}

/** Half the edge, in mm, of the cube round the appendage that a `crop` scene is complete in. */
export const CROP_HALF_MM = 60;

/**
 * A patient and a scan from a seed: the same seed gives the same scene on every machine, and the same heart for both
 * details. Lengths and shares follow the sources in README.md.
 */
export function buildScene(seed: number, options: SceneOptions = {}): PhantomScene {
  const random = createRandom(seed);
  const book = createShapeBook();
  const wide = options.variety === 'wide' ? random.fork('wide') : undefined;
  const hardships = wide && options.hard ? drawHardships(wide.fork('hard')) : undefined;
  const variation = wide && wideHeart(wide, hardships);
  const frame = drawBodyFrame(random.fork('frame'), variation?.tiltFactor);
  const left = buildLeftHeart(random.fork('left heart'), frame, book, variation);
  const vessels = buildGreatVessels(random.fork('great vessels'), frame, left, book);
  const septum = wide && drawSeptum(wide.fork('septum'), frame, left, book);
  const right = buildRightHeart(random.fork('right heart'), frame, left, vessels, book, septum);
  const coronaries = buildCoronaries(random.fork('coronaries'), frame, left, vessels, right, book);
  const thorax = buildThorax(random.fork('thorax'), frame, book);
  const hu = drawEnhancement(
    random.fork('enhancement'),
    wide && { leftAtrium: wideAtriumHu(wide, hardships), ...wideSoftTissues(wide.fork('tissues')) },
  );
  const { tissues, metalLpsMm } = paintTissues(
    random.fork('paint'),
    { frame, left, vessels, right, coronaries, thorax, hu },
    book,
    { filling: options.filling, folds: wide && (hardships?.thinTissue ? 'all' : 'some') },
  );
  const spacing = options.spacing ?? drawAcquisitionSpacing(random.fork('spacing'), options.variety);
  const acquisition = drawAcquisition(
    random.fork('acquisition'),
    spacing,
    {
      superiorVenaCavaLpsMm: vessels.superiorVenaCavaLpsMm,
      superiorVenaCavaHu: hu.superiorVenaCava,
      metalLpsMm,
    },
    left.plane.pointLpsMm,
  );
  const scene: PhantomScene = {
    version: 1,
    seed,
    shapes: book.shapes,
    backgroundHu: -1000,
    tissues,
    acquisition: {
      ...(wide ? stepsAbout(acquisition, left.truth.centreLineLpsMm) : acquisition),
      ...(wide ? wideAcquisition(wide, left.plane.pointLpsMm, hardships) : {}),
      ...options.acquisition,
    },
    appendage: left.truth,
    ...(options.surroundings
      ? { surroundings: defineSurroundings(book, left, coronaries, right, vessels) }
      : {}),
  };
  return cullScene(scene, options.detail === 'crop' ? cropBox(scene) : thoraxBox(left.plane.pointLpsMm));
}

/** The box round the appendage that a `crop` scene is complete in. */
function cropBox(scene: PhantomScene): BoxLps {
  const { centreLpsMm } = appendageBounds(scene);
  return boxAround(centreLpsMm, [CROP_HALF_MM, CROP_HALF_MM, CROP_HALF_MM]);
}

const thoraxBox = (centre: Vec3): BoxLps => boxAround(centre, [400, 400, 170]);

const boxAround = (c: Vec3, h: Vec3): BoxLps => ({
  low: [c[0] - h[0], c[1] - h[1], c[2] - h[2]],
  high: [c[0] + h[0], c[1] + h[1], c[2] + h[2]],
});

/** The middle of the appendage's centre line's box, where a crop is best centred, and the box's corners, LPS mm. */
export function appendageBounds(scene: PhantomScene): { centreLpsMm: Vec3; low: Vec3; high: Vec3 } {
  const line = scene.appendage.centreLineLpsMm;
  const low: [number, number, number] = [1e9, 1e9, 1e9];
  const high: [number, number, number] = [-1e9, -1e9, -1e9];
  for (const point of line) {
    for (const k of [0, 1, 2] as const) {
      low[k] = Math.min(low[k], point[k]);
      high[k] = Math.max(high[k], point[k]);
    }
  }
  return {
    centreLpsMm: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2],
    low,
    high,
  };
}

/**
 * A grid for a DICOM series of the scene: 512² (or `matrix`²) over 180–230 mm round the heart at cardiac spacings, over
 * the whole chest above 0.55 mm, 150 mm high.
 */
export function suggestedCtGrid(
  scene: PhantomScene,
  spacing: AcquisitionSpacing = drawAcquisitionSpacing(createRandom(scene.seed).fork('spacing')),
  matrix = 512,
): GridLps {
  const { centreLpsMm } = appendageBounds(scene);
  const widthMm = spacing.inPlaneMm * 512;
  const chest = widthMm > 280;
  const inPlane = widthMm / matrix;
  // The heart's middle lies some 20 mm right and below of the appendage; the chest's on the midline, further right and behind.
  const middle: Vec3 = [
    centreLpsMm[0] - (chest ? 50 : 15),
    centreLpsMm[1] + (chest ? 28 : -5),
    centreLpsMm[2] - 22,
  ];
  const heightMm = 150;
  const slices = Math.max(2, Math.round(heightMm / spacing.sliceMm));
  const half = (inPlane * (matrix - 1)) / 2;
  return {
    sizeIjk: [matrix, matrix, slices],
    originLpsMm: [middle[0] - half, middle[1] - half, middle[2] - (spacing.sliceMm * (slices - 1)) / 2],
    spacingMm: [inPlane, inPlane, spacing.sliceMm],
    directions: LPS_AXES,
  };
}
