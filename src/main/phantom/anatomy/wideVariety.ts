import { add, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import { stepShift } from '../ctArtefacts.ts';
import type { CtAcquisition } from '../scene.ts';
import type { BesideVeinPlan } from './appendageDraft.ts';
import type { MouthPlan } from './appendageMouth.ts';
import type { GivenHu } from './enhancement.ts';
import type { HeartVariation } from './leftHeart.ts';

/**
 * What phantoms of wide variety add to the usual ones: scans other than gated cardiac CT. Drawn from a
 * fork of its own, so that the usual phantoms stay as they are.
 */

/** What is hard about a hard phantom, for certain; all else is drawn as in any of wide variety. */
export interface Hardships {
  /** The heart moves by 2 mm and more. */
  readonly moving: boolean;
  /** The atrium's blood is faint. */
  readonly faint: boolean;
  /** The left upper vein crosses over the appendage's roof. */
  readonly veinOver: boolean;
  /** Thin tissue goes on from the appendage's tip and from the atrium's roof. */
  readonly thinTissue: boolean;
}

/** What segmentation errs most on (docs/accuracy.md, by stratum): each in about half of the hard phantoms, so several meet. */
export const drawHardships = (random: Random): Hardships => ({
  moving: random.chance(0.6),
  faint: random.chance(0.4),
  veinOver: random.chance(0.4),
  thinTissue: random.chance(0.6),
});

/**
 * Half of the atria at any contrast that occurs (docs/clinical.md, "Hounsfield units"), not about the typical one;
 * undefined leaves it as drawn.
 */
export function wideAtriumHu(random: Random, hardships?: Hardships): number | undefined {
  if (hardships?.faint) return random.uniform(110, 260);
  return random.chance(0.5) ? random.uniform(110, 620) : undefined;
}

/**
 * In half of the hearts the left upper vein lies against the appendage with a wall between them that thick slices
 * lose: it runs along it, or crosses over its roof, which in thick slices shows no wall at all.
 */
function wideBesideVein(random: Random, veinOver: boolean): BesideVeinPlan | undefined {
  if (!veinOver && !random.chance(0.5)) return undefined;
  const u = random.uniform;
  if (!veinOver && random.chance(0.5)) {
    return {
      weight: u(0.45, 1),
      trunkMm: u(16, 34),
      ridgeMm: u(0.8, 4),
      over: 0,
      pressed: u(0.4, 0.75),
      wallMm: random.chance(0.7) ? u(0.25, 0.9) : u(0.9, 1.6),
    };
  }
  return {
    weight: u(0.6, 1),
    trunkMm: u(24, 40),
    ridgeMm: u(0.3, 3),
    over: u(0.25, 0.8),
    pressed: u(0.45, 0.7),
    wallMm: random.chance(0.7) ? u(0.05, 0.4) : u(0.4, 1),
  };
}

/**
 * The heart of a wide variety: one in five is a usual one, the others differ in up to four ways. In nearly half of them
 * the whole heart lies flatter or steeper, by up to 30°.
 */
export function wideHeart(random: Random, hardships?: Hardships): HeartVariation {
  const heart = random.fork('heart');
  const veinOver = hardships?.veinOver ?? false;
  if (!veinOver && heart.chance(0.2)) return { soundOstium: true };
  return {
    tiltFactor: heart.chance(0.45) ? 2.2 : undefined,
    beside: wideBesideVein(random.fork('vein'), veinOver),
    mouth: wideMouth(random.fork('mouth')),
    ringShiftMm: wideRingShift(random.fork('ring')),
    soundOstium: true,
  };
}

/** Two in five ventricles reach higher and further to the left, so that groove and muscle lie against the mouth. */
const wideRingShift = (random: Random): Vec3 | undefined =>
  random.chance(0.4) ? [random.uniform(0, 7), random.uniform(-2, 3), random.uniform(2, 11)] : undefined;

/** Two in five mouths lie high and look upwards; one in four stands on a shoulder of the atrium. */
const wideMouth = (random: Random): MouthPlan | undefined => {
  const plan = { upright: random.chance(0.4), shoulder: random.chance(0.25) };
  return plan.upright || plan.shoulder ? plan : undefined;
};

/**
 * Groove and fat as thick slices of a moving heart show them: grey fat in two of five scans, in which thin layers
 * between blood and muscle do not get dark, coronary arteries that barely show in three of ten, and in two of five
 * pulmonary veins that are not as bright as the atrium: mostly brighter, since contrast comes through them.
 */
export const wideSoftTissues = (
  random: Random,
): Pick<GivenHu, 'epicardialFat' | 'coronaryShare' | 'pulmonaryVeinShare'> => ({
  epicardialFat: random.chance(0.4) ? random.uniform(-50, 50) : undefined,
  coronaryShare: random.chance(0.3) ? random.uniform(0.25, 0.7) : 1,
  pulmonaryVeinShare: random.chance(0.4) ? random.uniform(0.92, 1.25) : 1,
});

/**
 * Steps of gated scans about the appendage: its points are displaced by nothing on average, so that the truth lies where
 * the scan shows it. A scan in which the whole appendage lies in one slab would be displaced from its truth by up to
 * 2.5 mm otherwise, which nothing in it shows.
 */
export function stepsAbout(acquisition: CtAcquisition, appendageLpsMm: readonly Vec3[]): CtAcquisition {
  const { steps } = acquisition;
  if (!steps) return acquisition;
  const sum = appendageLpsMm.reduce((total, [, , z]) => add(total, stepShift(steps, z)), [0, 0, 0] as Vec3);
  const mean = scale(sum, 1 / appendageLpsMm.length);
  const shiftsLpsMm = steps.shiftsLpsMm.map((shift) => subtract(shift, mean));
  return { ...acquisition, steps: { ...steps, shiftsLpsMm } };
}

/** A heart that moves during the scan, in nearly half of the scans; noise of thin slices at any slice, in a third. */
export function wideAcquisition(
  random: Random,
  ostiumLpsMm: Vec3,
  hardships?: Hardships,
): Partial<CtAcquisition> {
  const noise = random.chance(0.33) ? { noiseSdHu: random.uniform(15, 60) } : {};
  const moving = hardships?.moving ?? false;
  if (!moving && !random.chance(0.45)) return noise;
  const states = random.integer(2, 3);
  const reach = random.uniform(moving ? 2 : 0.8, 5);
  const shift = scale(random.direction(), reach);
  return {
    ...noise,
    motion: {
      // The heart's middle: right of and below the appendage.
      centreLpsMm: add(ostiumLpsMm, [random.uniform(-25, 5), random.uniform(-20, 5), random.uniform(-25, 5)]),
      radiusMm: random.uniform(35, 70),
      // Round the middle of the movement, so that the truth lies at its mean.
      shiftsLpsMm: Array.from({ length: states }, (_, state) => scale(shift, state / (states - 1) - 0.5)),
    },
  };
}
