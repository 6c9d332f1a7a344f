import { addScaled, normalize, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { CtAcquisition } from '../scene.ts';

/** Which scans the phantoms imitate: gated cardiac CT only, or also other CT (wideVariety.ts). */
export type Variety = 'usual' | 'wide';

/** Voxel spacing of a CT series, mm. */
export interface AcquisitionSpacing {
  readonly inPlaneMm: number;
  readonly sliceMm: number;
}

/**
 * The scan grids that hospitals use: mostly cardiac CT of 0.3–0.5 mm in the plane and 0.4–1 mm slices, some chest CT
 * with 0.6–1.1 mm and 1–3 mm (docs/clinical.md, "Scans"). A wide variety has twice as many thick slices, up to 4 mm, in
 * which the wall between appendage and vein is lost.
 */
export function drawAcquisitionSpacing(random: Random, variety: Variety = 'usual'): AcquisitionSpacing {
  const kind = random.weighted(
    variety === 'wide'
      ? { cardiac: 52, chestThin: 18, chestThick: 30 }
      : { cardiac: 68, chestThin: 17, chestThick: 15 },
  );
  if (kind === 'cardiac') {
    return {
      inPlaneMm: random.uniform(0.32, 0.5),
      sliceMm: random.chance(0.6) ? random.uniform(0.4, 0.8) : random.uniform(0.8, 1.5),
    };
  }
  const inPlaneMm = random.uniform(0.55, 1.1);
  return {
    inPlaneMm,
    sliceMm:
      kind === 'chestThin' ? random.uniform(0.7, 1.5) : random.uniform(1.5, variety === 'wide' ? 4 : 3),
  };
}

export interface StreakSources {
  readonly superiorVenaCavaLpsMm: Vec3;
  readonly superiorVenaCavaHu: number;
  /** Metal in the heart, if there is any. */
  readonly metalLpsMm: readonly Vec3[];
}

/** docs/phantom-anatomy.md, "Contrast and scanner", has the sources of these numbers. */
const NOISE = { medianHu: 20, logSd: 0.5, leastHu: 6, mostHu: 60 } as const;
/** Noise follows 1/√slice between these thicknesses, mm. */
const NOISE_SLICE_MM = [0.5, 3] as const;
/** Blur by the moving heart, beyond what the scanner blurs. */
const MOTION_BLUR = { share: 0.15, mm: [0.4, 1.1] } as const;
const STEPS_SHARE = 0.12;
/** A narrow reconstruction circle round the heart, and what stands outside of it, HU. */
const NARROW_CIRCLE = { share: 0.08, offCentreMm: [0, 25], radiusMm: [62, 95] } as const;
const PADDING_HU = [-1024, -2048] as const;
/** From this density on, HU, the superior vena cava throws streaks; they grow with its density above `fromHu`. */
const CAVA_STREAKS = { leastHu: 550, fromHu: 400, mostHu: 120 } as const;

/**
 * Blur, noise and artefacts. Blur and slice profile follow the spacing; noise is higher in thin slices (SD ∝ 1/√slice)
 * and 6–60 HU in all; steps in 12 %, half of them small enough to look like motion; a narrow reconstruction circle in
 * 8 %. The order of the draws is part of what a seed means.
 */
export function drawAcquisition(
  random: Random,
  spacing: AcquisitionSpacing,
  sources: StreakSources,
  heartCentre: Vec3,
): CtAcquisition {
  const u = random.uniform;
  const noiseSdHu = drawNoise(random, spacing.sliceMm);
  const motionMm = random.chance(MOTION_BLUR.share) ? u(...MOTION_BLUR.mm) : 0;
  const psfInPlaneSdMm = Math.hypot(Math.max(0.22, spacing.inPlaneMm * u(0.5, 1.1)), motionMm);
  const streaks = drawStreaks(random, sources);
  return {
    psfInPlaneSdMm,
    sliceThicknessMm: spacing.sliceMm * u(1, 1.35),
    noiseSdHu,
    noiseCorrelationInPlaneMm: Math.max(0.25, spacing.inPlaneMm * u(0.5, 1.3)),
    noiseCorrelationThroughPlaneMm: Math.max(0.2, spacing.sliceMm * u(0.3, 0.7)),
    noiseSeed: random.uint32(),
    streaks,
    ...(random.chance(STEPS_SHARE) ? { steps: drawSteps(random) } : {}),
    ...(random.chance(NARROW_CIRCLE.share) ? { fieldOfView: drawNarrowCircle(random, heartCentre) } : {}),
  };
}

function drawNoise(random: Random, sliceMm: number): number {
  const dose = Math.exp(random.normal(Math.log(NOISE.medianHu), NOISE.logSd));
  const slice = Math.min(NOISE_SLICE_MM[1], Math.max(NOISE_SLICE_MM[0], sliceMm));
  return Math.min(NOISE.mostHu, Math.max(NOISE.leastHu, dose / Math.sqrt(slice)));
}

/** Streaks from a superior vena cava full of contrast, and from metal. */
function drawStreaks(random: Random, sources: StreakSources): CtAcquisition['streaks'] {
  const u = random.uniform;
  const streaks: CtAcquisition['streaks'][number][] = [];
  const { superiorVenaCavaHu } = sources;
  if (superiorVenaCavaHu > CAVA_STREAKS.leastHu) {
    streaks.push({
      centreLpsMm: sources.superiorVenaCavaLpsMm,
      amplitudeHu: Math.min(CAVA_STREAKS.mostHu, (superiorVenaCavaHu - CAVA_STREAKS.fromHu) * u(0.02, 0.09)),
      spokes: random.integer(7, 19),
      reachMm: u(25, 60),
      halfHeightMm: u(25, 60),
      seed: random.uint32(),
    });
  }
  for (const centreLpsMm of sources.metalLpsMm) {
    streaks.push({
      centreLpsMm,
      amplitudeHu: u(40, 220),
      spokes: random.integer(9, 25),
      reachMm: u(15, 45),
      halfHeightMm: u(4, 14),
      seed: random.uint32(),
    });
  }
  return streaks;
}

const drawNarrowCircle = (random: Random, heartCentre: Vec3): NonNullable<CtAcquisition['fieldOfView']> => ({
  centreLpsMm: addScaled(
    heartCentre,
    normalize(random.direction()),
    random.uniform(...NARROW_CIRCLE.offCentreMm),
  ),
  radiusMm: random.uniform(...NARROW_CIRCLE.radiusMm),
  paddingHu: random.chance(0.5) ? PADDING_HU[0] : PADDING_HU[1],
});

/** Slabs of successive heart beats, each shifted a little. */
function drawSteps(random: Random): NonNullable<CtAcquisition['steps']> {
  const size = random.chance(0.5) ? random.uniform(0.2, 0.8) : random.uniform(0.8, 2.5);
  return {
    slabMm: random.uniform(8, 40),
    zOffsetMm: random.uniform(-400, 400),
    shiftsLpsMm: Array.from({ length: random.integer(2, 5) }, () =>
      scale(random.direction(), size * random.uniform(0.1, 1)),
    ),
  };
}
