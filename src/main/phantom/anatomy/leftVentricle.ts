import { addScaled, cross, lerp, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { Atrium } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { perpendicularTo, rotateAbout } from './curves.ts';
import {
  axesAlong,
  complement,
  ellipsoid,
  halfSpace,
  intersection,
  offset,
  rough,
  type ShapeBook,
  smoothIntersection,
  smoothUnion,
  tube,
  union,
} from './shapes.ts';

export interface LeftVentricle {
  /** Named shapes: the outside of the muscle, the cavity with its trabeculae, the valve's inlet and outlet. */
  readonly epicardium: Shape;
  readonly cavity: Shape;
  readonly papillary: Shape;
  readonly leaflets: Shape;
  readonly apexLpsMm: Vec3;
  readonly axis: Vec3;
  readonly radiusMm: number;
  readonly aorticAnnulusLpsMm: Vec3;
}

/** Cavity of the ventricle in one phase of the heart beat, nominal mm; the muscle is thicker in systole. */
interface Phase {
  readonly radiusMm: readonly [number, number];
  readonly lengthMm: readonly [number, number];
  readonly thickening: number;
}

/** Sizes and shares: docs/phantom-anatomy.md (usual). */
const SYSTOLE: Phase = { radiusMm: [14, 20], lengthMm: [56, 72], thickening: 1.25 };
const DIASTOLE: Phase = { radiusMm: [19, 26], lengthMm: [68, 88], thickening: 1 };
const SYSTOLE_SHARE = 0.35;
const MUSCLE = { meanMm: 9, sdMm: 1.6, leastMm: 6, mostMm: 13.5 } as const;
/** Angles of the two papillary muscles round the long axis, radians. */
const PAPILLARY_ANGLES = [0.6, 2.6] as const;

/** Where the ventricle of one heart is. Its parts draw from `random` in turn. */
interface VentricleSite {
  readonly random: Random;
  readonly frame: BodyFrame;
  readonly mitralLpsMm: Vec3;
  /** The long axis: its direction to the apex, its point in the base, and its length, mm. */
  readonly axis: Vec3;
  readonly baseLpsMm: Vec3;
  readonly lengthMm: number;
  readonly radiusMm: number;
  /** A direction across the axis from which parts are placed. */
  readonly hint: Vec3;
}

/** Left ventricle: cavity 38–52 mm across and 68–88 mm long in diastole (smaller in systole), muscle 6–13.5 mm. */
export function buildLeftVentricle(
  random: Random,
  frame: BodyFrame,
  atrium: Atrium,
  book: ShapeBook,
): LeftVentricle {
  const { centreLpsMm: mitral, axis, radiusMm: ringMm } = atrium.mitral;
  const size = frame.heartScale;
  const u = random.uniform;
  const phase = random.chance(SYSTOLE_SHARE) ? SYSTOLE : DIASTOLE;
  const radiusMm = size * u(...phase.radiusMm);
  const lengthMm = size * u(...phase.lengthMm);
  const muscleMm =
    Math.min(MUSCLE.mostMm, Math.max(MUSCLE.leastMm, random.normal(MUSCLE.meanMm, MUSCLE.sdMm))) *
    phase.thickening;
  // The long axis starts a little medial of the mitral middle: the outflow tract is part of the base.
  const medial = frame.heartDirection([random.normal(-5, 2), random.normal(-7, 2), random.normal(3, 2.5)]);
  const base = addScaled(mitral, medial, size);
  const site: VentricleSite = {
    ...{ random, frame, axis, lengthMm, radiusMm },
    mitralLpsMm: mitral,
    baseLpsMm: base,
    hint: frame.heartDirection([0.3, 0.6, -0.4]),
  };
  const outline = book.define('leftVentricleOutline', cavityOutline(site));
  const basal = halfSpace(addScaled(mitral, axis, u(0, 3)), [-axis[0], -axis[1], -axis[2]]);
  const epicardium = book.define(
    'leftVentricleEpicardium',
    rough(smoothIntersection(8, offset(outline, muscleMm), basal), u(0.2, 1), u(18, 30), random.uint32()),
  );
  const aorticAnnulusLpsMm = frame.heart(
    -5 + random.normal(0, 2),
    -37 + random.normal(0, 2),
    1 + random.normal(0, 2),
  );
  const inlet = tube(
    [addScaled(mitral, axis, -3), addScaled(mitral, axis, lengthMm * 0.3)],
    [ringMm * 0.95, radiusMm * 0.85],
  );
  const outlet = tube(
    [addScaled(base, axis, lengthMm * 0.28), lerp(base, aorticAnnulusLpsMm, 0.5), aorticAnnulusLpsMm],
    [radiusMm * 0.7, size * 11.5, size * 11],
  );
  const trabeculated = rough(intersection(outline, basal), u(0.6, 2.4), u(4.5, 9), random.uint32());
  return {
    epicardium,
    cavity: book.define('leftVentricleCavity', smoothUnion(3, trabeculated, inlet, outlet)),
    papillary: book.define('papillaryMuscles', papillaryMuscles(site)),
    leaflets: book.define('mitralLeaflets', leaflets(random.fork('leaflets'), atrium, aorticAnnulusLpsMm)),
    apexLpsMm: addScaled(middleOf(site), axis, lengthMm * 0.56),
    axis,
    radiusMm,
    aorticAnnulusLpsMm,
  };
}

const middleOf = ({ baseLpsMm, axis, lengthMm }: VentricleSite): Vec3 =>
  addScaled(baseLpsMm, axis, lengthMm * 0.44);

/** A blunt cone: a wide ellipsoid at the base and a narrower one towards the apex. */
function cavityOutline({ random, axis, baseLpsMm, lengthMm, radiusMm, hint }: VentricleSite): Shape {
  const u = random.uniform;
  const axes = axesAlong(axis, hint);
  const flat = u(0.88, 1.05);
  return smoothUnion(
    10,
    ellipsoid(
      addScaled(baseLpsMm, axis, lengthMm * 0.34),
      [radiusMm, radiusMm * flat, lengthMm * 0.42],
      axes,
    ),
    ellipsoid(
      addScaled(addScaled(baseLpsMm, axis, lengthMm * 0.64), random.direction(), 2),
      [radiusMm * u(0.66, 0.82), radiusMm * flat * u(0.66, 0.82), lengthMm * 0.36],
      axes,
    ),
  );
}

/** Two muscles from the wall into the cavity, each with a cord to the valve. */
function papillaryMuscles(site: VentricleSite): Shape {
  const { random, axis, lengthMm, radiusMm, hint } = site;
  const u = random.uniform;
  const size = site.frame.heartScale;
  const middle = middleOf(site);
  const muscles = PAPILLARY_ANGLES.map((angle) => {
    const side = rotateAbout(perpendicularTo(hint, axis), axis, angle + random.normal(0, 0.25));
    const foot = addScaled(addScaled(middle, axis, lengthMm * u(0.18, 0.3)), side, radiusMm * 0.85);
    const head = addScaled(addScaled(middle, axis, -lengthMm * u(0.02, 0.12)), side, radiusMm * u(0.4, 0.62));
    const radii = [size * u(4, 6), size * u(3, 4.5), size * u(1.6, 3)];
    return { head, shape: tube([foot, lerp(foot, head, 0.5), head], radii) };
  });
  const cords = muscles.map(({ head }) => {
    const leaflet = addScaled(addScaled(site.mitralLpsMm, axis, 8), random.direction(), 5);
    return tube([head, leaflet], [0.7, 0.5]);
  });
  return union(...muscles.map(({ shape }) => shape), ...cords);
}

/** Two thin leaflets: a shallow dome into the ventricle when closed, two flaps when open. */
function leaflets(random: Random, atrium: Atrium, aorticAnnulus: Vec3): Shape {
  const { centreLpsMm: mitral, axis, radiusMm } = atrium.mitral;
  const thicknessMm = random.uniform(0.7, 1.6);
  const towardsAorta = perpendicularTo(
    [aorticAnnulus[0] - mitral[0], aorticAnnulus[1] - mitral[1], aorticAnnulus[2] - mitral[2]],
    axis,
  );
  if (random.chance(0.5)) {
    const dome = ellipsoid(
      mitral,
      [radiusMm + 1.5, radiusMm + 1.5, random.uniform(4, 8)],
      axesAlong(axis, towardsAorta),
    );
    return intersection(
      dome,
      complement(offset(dome, -thicknessMm)),
      halfSpace(mitral, [-axis[0], -axis[1], -axis[2]]),
    );
  }
  const flap = (sign: number, lengthMm: number, opening: number): Shape => {
    const hinge = addScaled(mitral, towardsAorta, sign * radiusMm);
    const across = normalize(cross(axis, towardsAorta));
    const along = rotateAbout(axis, across, sign * -opening);
    const normal = normalize(cross(across, along));
    return ellipsoid(
      addScaled(hinge, along, lengthMm / 2),
      [radiusMm * 0.9, lengthMm / 2 + 1, thicknessMm * 0.8],
      [across, along, normal],
    );
  };
  return union(
    flap(1, radiusMm * random.uniform(1, 1.3), random.uniform(0.1, 0.6)),
    flap(-1, radiusMm * random.uniform(0.6, 0.85), random.uniform(0.1, 0.7)),
  );
}
