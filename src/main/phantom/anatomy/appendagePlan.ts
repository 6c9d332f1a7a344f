import type { Random } from '#shared/random/random.ts';
import type { AppendageTruth } from '../scene.ts';

export type Morphology = AppendageTruth['morphology'];

/** Shares of the four forms in % (n = 612; docs/clinical.md, "Sizes of the appendage"). */
export const MORPHOLOGY_WEIGHTS: Readonly<Record<Morphology, number>> = {
  windsock: 47,
  chickenWing: 18,
  cauliflower: 29,
  cactus: 6,
};

/** What is drawn before the appendage is laid into its surroundings. Lengths and radii in mm. */
export interface AppendagePlan {
  readonly lengthMm: number;
  /** Arc length at which the bend begins and ends, and its angle in radians. */
  readonly bendFromMm: number;
  readonly bendToMm: number;
  readonly bend: number;
  /** Radius over mouth radius at equal distances along the axis. */
  readonly radiusKnots: readonly number[];
  /** How much flatter the body is than the mouth. */
  readonly flatten: number;
  /** Lumps melted into the body, and lobes that stand out of it. */
  readonly lumps: number;
  readonly lobes: number;
  readonly lobeLengthMm: readonly [number, number];
  /** Radius at a lobe's root over mouth radius. */
  readonly lobeRadius: readonly [number, number];
  /** Where along the axis lobes begin, 0 to 1. */
  readonly lobeFrom: number;
}

/** Lengths, bends, tapers and lobes by form; volumes and depths come out as published (anatomyStatistics.test.ts). */
export function drawAppendagePlan(
  random: Random,
  morphology: Morphology,
  mouthRadiusMm: number,
  lengthShare: number,
): AppendagePlan {
  return PLANS[morphology](random, lengthShare * (0.55 + 0.45 * (mouthRadiusMm / 10)));
}

/** What is drawn for a form; lengths are multiplied by `stretch`. */
type DrawPlan = (random: Random, stretch: number) => AppendagePlan;

const windsock: DrawPlan = (random, stretch) => {
  const u = random.uniform;
  const lengthMm = Math.max(15, random.normal(26.5, 6.5)) * stretch;
  return {
    lengthMm,
    bendFromMm: lengthMm * u(0.05, 0.4),
    bendToMm: lengthMm * u(0.6, 1),
    bend: u(0.1, 1.3),
    radiusKnots: [1, u(0.8, 0.97), u(0.7, 1), u(0.55, 0.88), u(0.3, 0.6)],
    flatten: u(0.65, 1),
    lumps: random.integer(2, 5),
    lobes: random.integer(0, 3),
    lobeLengthMm: [5, 12],
    lobeRadius: [0.35, 0.6],
    lobeFrom: 0.4,
  };
};

const chickenWing: DrawPlan = (random, stretch) => {
  const u = random.uniform;
  const lengthMm = Math.max(24, random.normal(35.5, 6.5)) * stretch;
  const bendFromMm = lengthMm * u(0.22, 0.4);
  return {
    lengthMm,
    bendFromMm,
    bendToMm: bendFromMm + u(7, 13) * stretch,
    bend: u(1.4, 2.9),
    radiusKnots: [1, u(0.8, 0.97), u(0.72, 0.95), u(0.6, 0.9), u(0.5, 0.85), u(0.32, 0.58)],
    flatten: u(0.68, 1),
    lumps: random.integer(1, 4),
    lobes: random.integer(0, 2),
    lobeLengthMm: [4, 9],
    lobeRadius: [0.3, 0.48],
    lobeFrom: 0.35,
  };
};

const cauliflower: DrawPlan = (random, stretch) => {
  const u = random.uniform;
  const lengthMm = Math.max(11, random.normal(17.5, 4)) * stretch;
  return {
    lengthMm,
    bendFromMm: lengthMm * 0.2,
    bendToMm: lengthMm * 0.9,
    bend: u(0.1, 1.1),
    radiusKnots: [1, u(0.85, 1.03), u(0.8, 1.1), u(0.55, 0.9)],
    flatten: u(0.7, 1),
    lumps: random.integer(4, 8),
    lobes: random.integer(3, 7),
    lobeLengthMm: [5, 12],
    lobeRadius: [0.32, 0.6],
    lobeFrom: 0.35,
  };
};

const cactus: DrawPlan = (random, stretch) => {
  const u = random.uniform;
  const lengthMm = Math.max(15, random.normal(23.5, 5)) * stretch;
  return {
    lengthMm,
    bendFromMm: lengthMm * 0.1,
    bendToMm: lengthMm * 0.9,
    bend: u(0.05, 0.7),
    radiusKnots: [1, u(0.85, 1), u(0.75, 0.98), u(0.55, 0.8), u(0.4, 0.6)],
    flatten: u(0.65, 1),
    lumps: random.integer(2, 5),
    lobes: random.integer(2, 5),
    lobeLengthMm: [8, 16],
    lobeRadius: [0.34, 0.52],
    lobeFrom: 0.3,
  };
};

const PLANS: Readonly<Record<Morphology, DrawPlan>> = { windsock, chickenWing, cauliflower, cactus };
