import type { SurroundingName } from '#shared/anatomy/surroundings.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

/**
 * A phantom as plain data: implicit shapes, tissues painted over each other, a CT acquisition and the truth. It is
 * written by the anatomy generator from a seed, and evaluated by one CPU evaluator and one WGSL kernel that give the
 * same numbers (proved by test). Everything is in LPS millimetres and Hounsfield units.
 *
 * A shape is a function f(p) ≈ signed distance in mm to its surface, negative inside. The primitives' formulas are
 * part of this contract; an evaluator may return any lower bound of at least FAR_MM where f exceeds FAR_MM.
 */
export type Shape =
  /** Bound of the distance to an ellipsoid: q = axes·(p − centre); k0 = |q/r|, k1 = |q/r²|; f = k0·(k0 − 1)/k1. */
  | { readonly kind: 'ellipsoid'; readonly centreLpsMm: Vec3; readonly radiiMm: Vec3; readonly axes: Axes }
  /**
   * A bent tapered tube: the union of its segments, each with the closest point c(t) on the segment's axis, radius
   * r(t) interpolated, and d = p − c(t). Round: f = |d| − r. Oval (`squash`): with u the squash axis and
   * s = |d − (d·u)u + (d·u/factor)u|, f = |d|·(1 − r/s), so the tube is `factor` times as thick along u.
   */
  | {
      readonly kind: 'tube';
      readonly pointsLpsMm: readonly Vec3[];
      readonly radiiMm: readonly number[];
      readonly squash?: { readonly axis: Vec3; readonly factor: number };
    }
  /** Exact distance to a box with rounded edges; half sizes include the rounding. */
  | {
      readonly kind: 'box';
      readonly centreLpsMm: Vec3;
      readonly halfSizesMm: Vec3;
      readonly axes: Axes;
      readonly roundingMm: number;
    }
  /** f = (p − point)·outwardNormal */
  | { readonly kind: 'halfSpace'; readonly pointLpsMm: Vec3; readonly outwardNormal: Vec3 }
  | { readonly kind: 'union' | 'intersection'; readonly of: readonly Shape[] }
  /**
   * Folded from the left with the quadratic smooth minimum of blend k = blendMm:
   * h = clamp(½ + ½(b − a)/k, 0, 1), min = b + (a − b)·h − k·h·(1 − h); the intersection is its mirror.
   */
  | {
      readonly kind: 'smoothUnion' | 'smoothIntersection';
      readonly of: readonly Shape[];
      readonly blendMm: number;
    }
  /** −f: the outside. a without b = intersection of a and the complement of b. */
  | { readonly kind: 'complement'; readonly of: Shape }
  /** f − growMm */
  | { readonly kind: 'offset'; readonly of: Shape; readonly growMm: number }
  /** f + amplitudeMm · valueNoise(p / wavelengthMm, seed), noise in [−1, 1], smooth. */
  | {
      readonly kind: 'rough';
      readonly of: Shape;
      readonly amplitudeMm: number;
      readonly wavelengthMm: number;
      readonly seed: number;
    }
  /** A shape named earlier in the scene, evaluated once. */
  | { readonly kind: 'named'; readonly name: string };

/** Rows: the unit vectors, in LPS, of a shape's own axes. */
export type Axes = readonly [Vec3, Vec3, Vec3];

/** Beyond this distance an evaluator may answer with a bound instead of the formula. No blend may exceed it. */
export const FAR_MM = 16;

export interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

/** The HU of a tissue: a base, smooth texture, and a ramp along a line (contrast that thins out, layering). */
export interface HuModel {
  readonly baseHu: number;
  readonly texture?: { readonly amplitudeHu: number; readonly wavelengthMm: number; readonly seed: number };
  /** Adds deltaHu · smoothstep(t), t = clamp(((p − from)·direction − startMm)/(endMm − startMm), 0, 1). */
  readonly ramp?: {
    readonly fromLpsMm: Vec3;
    readonly direction: Vec3;
    readonly startMm: number;
    readonly endMm: number;
    readonly deltaHu: number;
  };
}

/** A tissue, painted over those before it with occupancy clamp(½ − f/edge, 0, 1), edge the sampling distance. */
export interface Tissue {
  readonly name: string;
  readonly shape: string;
  readonly label: Label;
  readonly hu: HuModel;
}

/** The label map's values. */
export const LABELS = {
  air: 0,
  softTissue: 1,
  fat: 2,
  lung: 3,
  bone: 4,
  leftAtrium: 5,
  appendage: 6,
  pulmonaryVein: 7,
  leftVentricle: 8,
  myocardium: 9,
  rightHeart: 10,
  aorta: 11,
  pulmonaryArtery: 12,
  venaCava: 13,
  coronary: 14,
  airway: 15,
  device: 16,
  thrombus: 17,
} as const;
export type Label = (typeof LABELS)[keyof typeof LABELS];

/** How the scanner sees the scene. */
export interface CtAcquisition {
  /** Standard deviation of the point spread in the axial plane, mm. */
  readonly psfInPlaneSdMm: number;
  /** Full width of the slice profile, mm (≈ nominal slice thickness). */
  readonly sliceThicknessMm: number;
  /** Noise: standard deviation after its own smoothing, and the smoothing's SD in the plane and across it. */
  readonly noiseSdHu: number;
  readonly noiseCorrelationInPlaneMm: number;
  readonly noiseCorrelationThroughPlaneMm: number;
  readonly noiseSeed: number;
  /** Streaks that fan out in the axial plane from something dense, fading with distance and across z. */
  readonly streaks: readonly {
    readonly centreLpsMm: Vec3;
    readonly amplitudeHu: number;
    readonly spokes: number;
    readonly reachMm: number;
    readonly halfHeightMm: number;
    readonly seed: number;
  }[];
  /** Step artefacts of gated scans: the slab of `slabMm` with index n = floor((z − zOffsetMm)/slabMm) shows the scene shifted by shiftsLpsMm[n mod length]. */
  readonly steps?: {
    readonly slabMm: number;
    readonly zOffsetMm: number;
    readonly shiftsLpsMm: readonly Vec3[];
  };
  /**
   * Motion during the scan: the image is the mean of the scene in these states, each displaced by
   * shift·exp(−|p − centre|²/(2·radius²)), so that the heart's edges double while spine and ribs stand still.
   */
  readonly motion?: {
    readonly centreLpsMm: Vec3;
    readonly radiusMm: number;
    readonly shiftsLpsMm: readonly Vec3[];
  };
  /** Outside of this cylinder along z the image is padding (reconstruction circle). */
  readonly fieldOfView?: {
    readonly centreLpsMm: Vec3;
    readonly radiusMm: number;
    readonly paddingHu: number;
  };
}

/** The analytic truth: closed lumen f = max(body(p), −(p − ostiumPoint)·ostiumNormal); the cap is where the second term rules, the open wall the rest. */
export interface AppendageTruth {
  /** Name of the open-ended lumen that reaches through the ostium plane; beyond the plane it is one piece. */
  readonly bodyShape: string;
  readonly ostiumPointLpsMm: Vec3;
  /** Unit vector from the atrium into the appendage. */
  readonly ostiumNormal: Vec3;
  /** From the ostium to the tip. */
  readonly centreLineLpsMm: readonly Vec3[];
  readonly morphology: 'windsock' | 'chickenWing' | 'cauliflower' | 'cactus';
  /** Named LPS points, mm: for instance leftSuperiorVeinRidge, leftCircumflex, tip. */
  readonly landmarksLpsMm: Readonly<Record<string, Vec3>>;
}

export interface PhantomScene {
  readonly version: 1;
  readonly seed: number;
  /** In order; a shape names only earlier ones. */
  readonly shapes: readonly NamedShape[];
  readonly backgroundHu: number;
  readonly tissues: readonly Tissue[];
  readonly acquisition: CtAcquisition;
  readonly appendage: AppendageTruth;
  /** The surroundings, where they were asked for. */
  readonly surroundings?: SurroundingsTruth;
}

/** The shapes whose common part a structure is; one that the scene does not reach is left out. */
export type SurroundingsTruth = Readonly<Partial<Record<SurroundingName, readonly string[]>>>;
