import type { Random } from '#shared/random/random.ts';

/** Hounsfield units of one examination. */
export interface Enhancement {
  readonly leftAtrium: number;
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

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/**
 * Contrast by compartment, HU (docs/phantom-anatomy.md, "Contrast and scanner"): the right side is independent of the
 * left, and at times equal to it.
 * @param leftAtriumHu in place of the drawn one
 */
export function drawEnhancement(random: Random, leftAtriumHu?: number): Enhancement {
  const n = random.normal;
  const u = random.uniform;
  const drawn = random.chance(0.75) ? clamp(n(350, 85), 150, 620) : u(110, 620);
  const leftAtrium = leftAtriumHu ?? drawn;
  const aorta = random.chance(0.85) ? leftAtrium * n(0.96, 0.08) : leftAtrium * u(0.35, 1.1);
  const right = random.weighted({ washedOut: 35, equal: 28, free: 37 });
  const rightVentricle =
    right === 'washedOut' ? u(60, 200) : right === 'equal' ? leftAtrium * n(1, 0.07) : u(60, 900);
  const pulmonaryArtery = random.chance(0.86)
    ? rightVentricle * n(1, 0.1)
    : clamp(u(0.3, 1.25) * leftAtrium, 60, 900);
  const faint = leftAtrium < 200;
  const myocardium = faint ? u(60, Math.min(125, leftAtrium * 0.75)) : u(80, 165);
  const softTissue = u(20, 75);
  const odd = random.chance(0.07)
    ? random.weighted({ aorta: 1, pulmonaryArtery: 1, leftVentricle: 1, coronaries: 1 })
    : 'none';
  const fat = random.weighted({ usual: 56, grey: 30, any: 8, none: 6 });
  const oddHu = u(-60, 800);
  return {
    leftAtrium,
    leftVentricle: odd === 'leftVentricle' ? oddHu : leftAtrium * n(0.95, 0.07),
    aorta: odd === 'aorta' ? oddHu : aorta,
    descendingAorta: aorta * n(0.97, 0.06),
    rightVentricle,
    rightAtrium: rightVentricle * n(1, 0.15),
    pulmonaryArtery: odd === 'pulmonaryArtery' ? oddHu : pulmonaryArtery,
    superiorVenaCava: random.chance(0.35) ? u(600, 2200) : clamp(rightVentricle * u(0.7, 1.6), 60, 1500),
    inferiorVenaCava: u(50, 190),
    coronaryArteries: odd === 'coronaries' ? oddHu : aorta * u(0.78, 1.02),
    coronaryVeins: random.chance(0.7) ? u(55, 190) : leftAtrium * u(0.4, 0.9),
    myocardium,
    wall: random.chance(0.8) ? myocardium * u(0.55, 1) : u(20, 120),
    softTissue,
    epicardialFat:
      fat === 'usual'
        ? u(-120, -60)
        : fat === 'grey'
          ? u(-70, -5)
          : fat === 'any'
            ? u(-190, -30)
            : softTissue,
    bodyFat: u(-120, -80),
    lung: u(-920, -760),
    bone: u(450, 1100),
    marrow: u(120, 330),
  };
}
