import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Shape } from '../scene.ts';
import { type Field, moveToLevel } from './shapeField.ts';
import { box, givingWay, IDENTITY_AXES, tube, union } from './shapes.ts';
import type { ThoraxSite } from './thoraxSite.ts';

/** The bones of the chest; none of the shapes is named. */
export interface Skeleton {
  readonly bones: Shape;
  /** The soft inside of vertebrae, ribs and breastbone, painted over the bones. */
  readonly marrow: Shape;
  readonly canal: Shape;
  /** How far behind the atrium's middle the vertebral bodies' middle lies, nominal mm. */
  readonly spineY: number;
}

/**
 * Eleven vertebrae, 27 mm from one to the next (a body of 20–22 mm and a disc of about 5): 30 cm of spine, more than a
 * cardiac scan shows. Radii of the bodies are half their width, 30–38 mm in the adult's middle chest.
 */
const LEVELS = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5] as const;
const SPINE = {
  behindAtriumMm: { mean: 58, sd: 3 },
  bodyRadiusMm: [15, 19],
  /** Depth over width of a vertebral body. */
  depthShare: 0.84,
  levelMm: 27,
  /** How far a patient's first vertebra may lie off the nominal one: any phase of the pattern. */
  phaseMm: 13,
  discHalfHeightMm: [2.2, 4],
  cortexMm: 1.8,
  endPlateMm: 1.4,
  canalRadiusMm: 8,
} as const;

/** Ribs: eight pieces each, falling towards the front, 8–11 mm thick with marrow in 62 % of the radius. */
const RIB = { pieces: 8, radiusMm: [4.2, 5.6], marrowShare: 0.62, fallMm: 9.5, outsideCavityMm: 5 } as const;

/** Breastbone: half sizes of the bone and of its marrow, mm. */
const BREASTBONE = {
  beforeAtriumMm: 91,
  halfWidthMm: [15, 20],
  boneMm: [5.5, 78],
  marrowMm: [14, 3.8, 76],
} as const;

/** @param cavity distance to the inside of the rib cage, mm: ribs lie just outside of it */
export function buildSkeleton(site: ThoraxSite, cavity: Field): Skeleton {
  const { random, book, scale, at } = site;
  const spineY = SPINE.behindAtriumMm.mean + random.normal(0, SPINE.behindAtriumMm.sd);
  const bodyMm = scale * random.uniform(...SPINE.bodyRadiusMm);
  const phaseMm = random.uniform(-SPINE.phaseMm, SPINE.phaseMm);
  const discs: Shape[] = [];
  const bones: Shape[] = [];
  const marrow: Shape[] = [];
  for (const level of LEVELS) {
    const z = level * SPINE.levelMm + phaseMm;
    discs.push(disc(site, spineY, z + SPINE.levelMm / 2, bodyMm));
    bones.push(...vertebralArch(site, spineY, z));
    for (const side of [-1, 1]) {
      const path = ribPath(site, cavity, spineY, z, side);
      const radiusMm = scale * random.uniform(...RIB.radiusMm);
      bones.push(evenTube(path, radiusMm));
      marrow.push(evenTube(path, radiusMm * RIB.marrowShare));
    }
  }
  const column = (radius: number) =>
    tube([at(0, spineY, -220), at(0, spineY, 220)], [radius, radius], {
      axis: [0, 1, 0],
      factor: SPINE.depthShare,
    });
  const discShape = book.define('discs', union(...discs));
  bones.push(givingWay(column(bodyMm), discShape, 0));
  marrow.push(givingWay(column(bodyMm - SPINE.cortexMm), discShape, SPINE.endPlateMm));
  const breastbone = buildBreastbone(site);
  bones.push(breastbone.bone);
  marrow.push(breastbone.marrow);
  const canalMm = scale * SPINE.canalRadiusMm;
  return {
    bones: union(...bones),
    marrow: union(...marrow),
    canal: tube([at(0, spineY + 20, -200), at(0, spineY + 20, 200)], [canalMm, canalMm]),
    spineY,
  };
}

const evenTube = (path: readonly Vec3[], radiusMm: number): Shape =>
  tube(
    path,
    path.map(() => radiusMm),
  );

/** The disc above a vertebral body, a little wider than it. */
function disc({ random, scale, at }: ThoraxSite, spineY: number, z: number, bodyMm: number): Shape {
  const halfHeightMm = scale * random.uniform(...SPINE.discHalfHeightMm);
  return box(at(0, spineY, z), [bodyMm + 2, bodyMm + 2, halfHeightMm], IDENTITY_AXES, 1.5);
}

/** The parts of a vertebra behind its body: spinous process, the two laminae, the two transverse processes. */
function vertebralArch({ scale: k, at }: ThoraxSite, spineY: number, z: number): Shape[] {
  const lamina = (side: -1 | 1): Shape =>
    tube(
      [at(side * 11, spineY + 14, z), at(side * 9, spineY + 24, z), at(0, spineY + 28, z - 3)],
      [k * 5, k * 4.5, k * 4],
    );
  const transverse = (side: -1 | 1): Shape =>
    tube([at(side * 9, spineY + 20, z), at(side * 30, spineY + 26, z + 3)], [k * 4.5, k * 4]);
  return [
    tube([at(0, spineY + 26, z - 4), at(0, spineY + 46, z - 20)], [k * 4, k * 3]),
    lamina(-1),
    lamina(1),
    transverse(-1),
    transverse(1),
  ];
}

/** A rib's middle line from the spine round the side to the front, moved onto the outside of the cavity. */
function ribPath(
  { scale, at }: ThoraxSite,
  cavity: Field,
  spineY: number,
  z: number,
  side: number,
): readonly Vec3[] {
  const path: Vec3[] = [at(side * 18, spineY + 8, z)];
  for (let step = 1; step <= RIB.pieces; step++) {
    const angle = (step / 8.6) * Math.PI;
    const point = at(
      side * 105 * Math.sin(angle) ** 0.8,
      60 * Math.cos(angle) - 5,
      z + 8 - step * RIB.fallMm,
    );
    path.push(moveToLevel(cavity, point, scale * RIB.outsideCavityMm, 'both'));
  }
  return path;
}

function buildBreastbone({ random, scale: k, frontMm, at }: ThoraxSite): {
  readonly bone: Shape;
  readonly marrow: Shape;
} {
  const centre = at(0, -(BREASTBONE.beforeAtriumMm - frontMm), 10);
  const halfWidthMm = k * random.uniform(...BREASTBONE.halfWidthMm);
  const [boneDepth, boneHeight] = BREASTBONE.boneMm;
  const [width, depth, height] = BREASTBONE.marrowMm;
  return {
    bone: box(centre, [halfWidthMm, k * boneDepth, k * boneHeight], IDENTITY_AXES, k * 4.5),
    marrow: box(centre, [k * width, k * depth, k * height], IDENTITY_AXES, k * 3.5),
  };
}
