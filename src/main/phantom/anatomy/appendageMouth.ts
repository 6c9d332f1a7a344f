import { addScaled, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Morphology } from './appendagePlan.ts';
import type { Atrium } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { perpendicularTo, rotateAbout, scatter } from './curves.ts';
import { type Field, fieldAt, gradientAt, surfacePoint } from './shapeField.ts';

/** The mouth of the appendage before its body is drawn. */
export interface AppendageMouth {
  readonly morphology: Morphology;
  /** The mouth's middle, and the place on the atrium that its base stands on. */
  readonly pointLpsMm: Vec3;
  readonly siteLpsMm: Vec3;
  readonly base: MouthBase;
  /** Unit vector into the appendage. */
  readonly axis: Vec3;
  /** Half of the long diameter, mm. */
  readonly radiusMm: number;
  /** The direction in which it is flat, and short over long diameter. */
  readonly squash: { readonly axis: Vec3; readonly factor: number };
}

/** How the appendage rises from the atrium. */
export interface MouthBase {
  /** From the atrium's surface to the mouth, mm. */
  readonly heightMm: number;
  /** Width over the mouth's, from inside of the atrium to the mouth, at equal distances. */
  readonly widths: readonly number[];
  /** Length of the appendage over the usual. */
  readonly lengthShare: number;
}

/** How a mouth differs from the usual ones (wideVariety.ts). */
export interface MouthPlan {
  /** Whether it lies high on the atrium's left side, its axis upwards rather than forwards. */
  readonly upright: boolean;
  /** Whether it stands on a shoulder of the atrium, wider and higher than the usual bases. */
  readonly shoulder: boolean;
}

type BaseForm = 'tubular' | 'conical' | 'trumpet' | 'shallow';
/** Forms of the base in %, ours: no series counts them (docs/phantom-anatomy.md). */
const BASE_WEIGHTS: Readonly<Record<BaseForm, number>> = {
  tubular: 32,
  conical: 28,
  trumpet: 22,
  shallow: 18,
};
/** Share of the mouths that lie low, on the ventricle. */
const LOW_LYING = 0.2;
/** Broad and shallow appendages: factor on the mouth's diameter. */
const BROAD = [1.08, 1.25] as const;

/**
 * The long diameter at an atrium of 105 mL: mean, SD, least, mm. A third of the atrium's own scale goes into it. The
 * ostium measured later is a little wider, where the mouth flares into the atrium.
 */
const LONG_MM = { mean: 20.1, sd: 2.9, least: 11, shareOfAtrium: 0.3 };
/** Short over long diameter: most ostia are oval. */
const SHORT_SHARE = { mean: 0.8, sd: 0.11, least: 0.52 };
/** Mouths of unusual size, so that the networks have seen them: probability, and factor on the diameter. */
const SMALL = { chance: 0.05, factor: [0.62, 0.85] } as const;
const LARGE = { chance: 0.03, factor: [1.15, 1.3] } as const;

/** Site, axis and size of the mouth: on the left front of the atrium, below and before the left upper vein. */
export function drawMouth(
  random: Random,
  morphology: Morphology,
  frame: BodyFrame,
  atrium: Atrium,
  ventricle: Field,
  plan?: MouthPlan,
): AppendageMouth {
  const n = random.normal;
  const { longMm: drawnMm, squashFactor } = drawSize(random, frame.atriumScale);
  const drawn = drawBase(random.fork('base'));
  const { base, broad } = plan?.shoulder ? drawShoulder(random.fork('shoulder')) : drawn;
  const upright = plan?.upright ? random.fork('upright') : undefined;
  const low = drawn.low && !upright;
  const longMm = drawnMm * broad;
  let nominal: Vec3 = [n(0.78, 0.1, 2), n(-0.5, 0.14, 2.2), n(0.3, 0.18, 2.2) - (low ? 0.22 : 0)];
  if (upright)
    nominal = [upright.normal(0.72, 0.14, 2), upright.normal(-0.32, 0.2, 2), upright.normal(0.5, 0.2, 2)];
  const site = () =>
    surfacePoint(atrium.chamberField, atrium.centreLpsMm, frame.heartDirection(normalize(nominal)));
  let siteLpsMm = site();
  // Above the groove: a mouth that would lie on the ventricle moves up.
  const fromGrooveMm = low ? longMm * 0.25 : longMm * 0.4 + 2;
  for (let step = 0; step < 7 && fieldAt(ventricle, siteLpsMm) < fromGrooveMm; step++) {
    nominal = [nominal[0], nominal[1] + 0.02, nominal[2] + 0.09];
    siteLpsMm = site();
  }
  const outward = gradientAt(atrium.chamberField, siteLpsMm, 3);
  const usual: Vec3 = [n(0.42, 0.2), n(-0.75, 0.2), n(0.32, 0.25) - (low ? 0.2 : 0)];
  const forward = frame.heartDirection(
    normalize(upright ? [upright.normal(0.1, 0.25), upright.normal(-0.2, 0.25), 1] : usual),
  );
  const axis = scatter(
    random,
    normalize(addScaled(outward, forward, random.uniform(0.3, 1.1))),
    random.chance(0.12) ? 0.35 : 0.12,
  );
  const flat = perpendicularTo(frame.heartDirection([0.4, 0.5, 0.2]), axis);
  return {
    morphology,
    pointLpsMm: addScaled(siteLpsMm, axis, base.heightMm),
    siteLpsMm,
    base,
    axis,
    radiusMm: longMm / 2,
    squash: {
      axis: rotateAbout(flat, axis, n(0, 0.6)),
      factor: squashFactor,
    },
  };
}

function drawBase(random: Random): { base: MouthBase; broad: number; low: boolean } {
  const u = random.uniform;
  const form = random.weighted(BASE_WEIGHTS);
  const low = random.chance(LOW_LYING);
  const shallow = form === 'shallow';
  const broad = shallow ? u(...BROAD) : 1;
  const base = (heightMm: number, widths: readonly number[], lengthShare = 1) => ({
    base: { heightMm, widths, lengthShare },
    broad,
    low,
  });
  const wide = u(1.2, 1.5);
  switch (form) {
    case 'tubular':
      return base(u(0, 2.5), [1.12, 1.06, 1]);
    case 'conical':
      return base(u(3, 8), [wide, wide, (wide + 1) / 2, 1]);
    case 'trumpet':
      return base(u(3, 8), [wide + 0.2, wide, 1.06, 1]);
    case 'shallow':
      return base(u(0, 2), [1.15, 1.08, 1], u(0.62, 0.85));
  }
}

/** A broad shoulder of the atrium that narrows to the mouth. */
function drawShoulder(random: Random): { base: MouthBase; broad: number } {
  const wide = random.uniform(1.3, 1.65);
  const widths = [wide, wide, 1 + 0.7 * (wide - 1), 1 + 0.25 * (wide - 1), 1];
  return { base: { heightMm: random.uniform(6, 12), widths, lengthShare: 1 }, broad: 1 };
}

function drawSize(random: Random, atriumScale: number): { longMm: number; squashFactor: number } {
  const unusual = random.chance(SMALL.chance)
    ? random.uniform(...SMALL.factor)
    : random.chance(LARGE.chance)
      ? random.uniform(...LARGE.factor)
      : 1;
  const own = Math.max(LONG_MM.least, random.normal(LONG_MM.mean, LONG_MM.sd));
  return {
    longMm: own * (1 - LONG_MM.shareOfAtrium + LONG_MM.shareOfAtrium * atriumScale) * unusual,
    squashFactor: Math.min(1, Math.max(SHORT_SHARE.least, random.normal(SHORT_SHARE.mean, SHORT_SHARE.sd))),
  };
}
