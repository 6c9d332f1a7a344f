import type { Random } from '#shared/random/random.ts';

/** Hounsfield units of one examination. */
export interface Enhancement {
  readonly leftAtrium: number;
  readonly pulmonaryVeins: number;
  readonly leftVentricle: number;
  readonly aorta: number;
  readonly descendingAorta: number;
  readonly rightVentricle: number;
  readonly rightAtrium: number;
  readonly pulmonaryArtery: number;
  readonly superiorVenaCava: number;
  readonly inferiorVenaCava: number;
  readonly coronaryArteries: number;
  readonly coronaryVeins: number;
  readonly myocardium: number;
  readonly wall: number;
  readonly softTissue: number;
  readonly epicardialFat: number;
  readonly bodyFat: number;
  readonly lung: number;
  readonly bone: number;
  readonly marrow: number;
}

/** What replaces parts of the drawn enhancement (wideVariety.ts). */
export interface GivenHu {
  readonly leftAtrium?: number | undefined;
  readonly epicardialFat?: number | undefined;
  /** Of the usual HU of the coronary arteries. */
  readonly coronaryShare?: number | undefined;
  /** Of the left atrium's HU; 1 where left out. */
  readonly pulmonaryVeinShare?: number | undefined;
}

/** How HU are drawn; docs/phantom-anatomy.md, "Contrast and scanner", has the sources. */
const LEFT_ATRIUM = {
  usualShare: 0.75,
  meanHu: 350,
  sdHu: 85,
  usualHu: [150, 620],
  anyHu: [110, 620],
} as const;
/** The right side: washed out by saline, as bright as the left, or anything; weights in %. */
const RIGHT_SIDE = { washedOut: 35, equal: 28, free: 37 } as const;
const WASHED_OUT_HU = [60, 200] as const;
const FREE_RIGHT_HU = [60, 900] as const;
/** Below this contrast of the left atrium the heart muscle is dimmer as well. */
const FAINT_HU = 200;
const MYOCARDIUM_HU = [80, 165] as const;
/** In a few examinations one neighbour has an unusual HU. */
const ODD = { share: 0.07, hu: [-60, 800] } as const;
const ODD_COMPARTMENTS = { aorta: 1, pulmonaryArtery: 1, leftVentricle: 1, coronaries: 1 } as const;
/** Fat round the heart; weights in %, and ranges. 'none': like soft tissue. */
const FAT = { usual: 56, grey: 30, any: 8, none: 6 } as const;
const FAT_HU: Readonly<Record<'usual' | 'grey' | 'any', readonly [number, number]>> = {
  usual: [-120, -60],
  grey: [-70, -5],
  any: [-190, -30],
};
/** A dense superior vena cava (undiluted contrast): chance, and HU. */
const DENSE_CAVA = { share: 0.35, hu: [600, 2200] } as const;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/**
 * Contrast by compartment, HU (docs/phantom-anatomy.md, "Contrast and scanner"): the right side is independent of the
 * left, and at times equal to it. The order of the draws is part of what a seed means.
 * @param given in place of what is drawn
 */
export function drawEnhancement(random: Random, given: GivenHu = {}): Enhancement {
  const n = random.normal;
  const u = random.uniform;
  const drawn = drawLeftAtrium(random);
  const leftAtrium = given.leftAtrium ?? drawn;
  const aorta = random.chance(0.85) ? leftAtrium * n(0.96, 0.08) : leftAtrium * u(0.35, 1.1);
  const rightVentricle = drawRightVentricle(random, leftAtrium);
  const pulmonaryArtery = random.chance(0.86)
    ? rightVentricle * n(1, 0.1)
    : clamp(u(0.3, 1.25) * leftAtrium, 60, 900);
  const myocardium = leftAtrium < FAINT_HU ? u(60, Math.min(125, leftAtrium * 0.75)) : u(...MYOCARDIUM_HU);
  const softTissue = u(20, 75);
  const odd = random.chance(ODD.share) ? random.weighted(ODD_COMPARTMENTS) : 'none';
  const fat = random.weighted(FAT);
  const oddHu = u(...ODD.hu);
  return {
    leftAtrium,
    pulmonaryVeins: leftAtrium * (given.pulmonaryVeinShare ?? 1),
    leftVentricle: odd === 'leftVentricle' ? oddHu : leftAtrium * n(0.95, 0.07),
    aorta: odd === 'aorta' ? oddHu : aorta,
    descendingAorta: aorta * n(0.97, 0.06),
    rightVentricle,
    rightAtrium: rightVentricle * n(1, 0.15),
    pulmonaryArtery: odd === 'pulmonaryArtery' ? oddHu : pulmonaryArtery,
    superiorVenaCava: random.chance(DENSE_CAVA.share)
      ? u(...DENSE_CAVA.hu)
      : clamp(rightVentricle * u(0.7, 1.6), 60, 1500),
    inferiorVenaCava: u(50, 190),
    coronaryArteries: odd === 'coronaries' ? oddHu : aorta * u(0.78, 1.02) * (given.coronaryShare ?? 1),
    coronaryVeins: random.chance(0.5) ? u(55, 190) : leftAtrium * u(0.4, 1.02),
    myocardium,
    wall: random.chance(0.8) ? myocardium * u(0.55, 1) : u(20, 120),
    softTissue,
    epicardialFat: given.epicardialFat ?? (fat === 'none' ? softTissue : u(...FAT_HU[fat])),
    bodyFat: u(-120, -80),
    lung: u(-920, -760),
    bone: u(450, 1100),
    marrow: u(120, 330),
  };
}

const drawLeftAtrium = (random: Random): number =>
  random.chance(LEFT_ATRIUM.usualShare)
    ? clamp(random.normal(LEFT_ATRIUM.meanHu, LEFT_ATRIUM.sdHu), ...LEFT_ATRIUM.usualHu)
    : random.uniform(...LEFT_ATRIUM.anyHu);

function drawRightVentricle(random: Random, leftAtrium: number): number {
  switch (random.weighted(RIGHT_SIDE)) {
    case 'washedOut':
      return random.uniform(...WASHED_OUT_HU);
    case 'equal':
      return leftAtrium * random.normal(1, 0.07);
    case 'free':
      return random.uniform(...FREE_RIGHT_HU);
  }
}
