import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { faceCross } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { Random } from '#shared/random/random.ts';
import type { CropFrame } from '../../surface/cropFrame.ts';
import { SAMPLING_CATEGORIES, type SamplingCategory } from '../preparedCase.ts';
import type { DualFieldToWrite, SamplesToWrite } from '../writePreparedCase.ts';
import { chooseFaces, type FaceChoice, type SurfaceDistances } from './lumenSurfaces.ts';
import { type ShapeDiameters, shapeDiameters } from './shapeDiameter.ts';

/** Where the shape diameter is below this, mm, so many times as many points are drawn for each mm². */
const THIN_MM = 3.5;
const THIN_WEIGHT = 10;
/** A point's distance from the surface: |N(0, SD/4)|. */
const SD_SHARE = 1 / 4;
/** A point that falls outside of the cube is drawn again, so many times at most. */
const MOST_DRAWS = 1000;
/** Points between two looks at the signal. */
const CHUNK = 4096;

export interface SampleCounts {
  /** Points of each category. */
  readonly category: number;
  readonly dualField: number;
}

export interface DrawnSamples {
  readonly categories: ReadonlyMap<SamplingCategory, SamplesToWrite>;
  readonly dualField: DualFieldToWrite;
}

/**
 * Draws a case's points and measures their distances, all in the cube's normalised coordinates. The same seed gives the
 * same points.
 *
 * - `in1`, `out1`: a place on the wall by area, thin places ten times as often, moved along its face's normal to the
 *   inside or outside by |N(0, SD/4)|, SD the shape diameter on that side.
 * - `0.0`: anywhere in the cube.
 * - for both fields, by the point's number modulo 8: 0 to 2 round the wall (SD 1.5 mm), 3 closer to it (0.5 mm), 4 and 5
 *   within 3 mm of the closed surface, 6 and 7 anywhere. These are the points that our dual-field network is trained on.
 *
 * @throws UserError where none of the surface lies in the cube; CancelledError
 */
export async function drawSamples(
  distances: SurfaceDistances,
  frame: CropFrame,
  counts: SampleCounts,
  random: Random,
  signal?: AbortSignal,
): Promise<DrawnSamples> {
  const { mesh: wall } = distances.wallTree;
  const diameters = shapeDiameters(distances.wallTree, random.fork('rays'));
  const categories = new Map<SamplingCategory, SamplesToWrite>();
  for (const category of SAMPLING_CATEGORIES) {
    const own = random.fork(category);
    const draw = category === '0.0' ? anywhere(own, frame) : besideSurface(wall, diameters, category, own);
    const points = drawPoints(counts.category, frame, draw);
    const { unsigned } = await measure(points, frame, distances, false, signal);
    categories.set(category, { points, occupancies: unsigned });
  }
  const points = drawPoints(
    counts.dualField,
    frame,
    roundBothSurfaces(distances, frame, random.fork('dual')),
  );
  const { unsigned, signed } = await measure(points, frame, distances, true, signal);
  return { categories, dualField: { points, unsigned, signed } };
}

/** Gives the n-th point, LPS mm; asked again where it lies outside of the cube. */
type DrawPoint = (n: number) => Vec3;

const anywhere = (random: Random, { centreLpsMm: [x, y, z], edgeMm }: CropFrame): DrawPoint => {
  const offset = (): number => random.uniform(-edgeMm / 2, edgeMm / 2);
  return () => [x + offset(), y + offset(), z + offset()];
};

function besideSurface(
  wall: TriangleMesh,
  { insideMm, outsideMm }: ShapeDiameters,
  category: 'in1' | 'out1',
  random: Random,
): DrawPoint {
  const diameterMm = category === 'in1' ? insideMm : outsideMm;
  const side = category === 'in1' ? -1 : 1;
  const faces = chooseFaces(wall, (face) => (diameterMm[face]! < THIN_MM ? THIN_WEIGHT : 1));
  return () => {
    const { face, point, normal } = drawFoot(wall, faces, random);
    return along(point, normal, side * Math.abs(random.normal(0, diameterMm[face]! * SD_SHARE)));
  };
}

function roundBothSurfaces(
  { wallTree, closedTree }: SurfaceDistances,
  frame: CropFrame,
  random: Random,
): DrawPoint {
  const wallFaces = chooseFaces(wallTree.mesh);
  const closedFaces = chooseFaces(closedTree.mesh);
  const uniform = anywhere(random, frame);
  return (n) => {
    const kind = n % 8;
    if (kind >= 6) return uniform(n);
    if (kind >= 4) {
      const { point, normal } = drawFoot(closedTree.mesh, closedFaces, random);
      return along(point, normal, random.uniform(-3, 3));
    }
    const { point } = drawFoot(wallTree.mesh, wallFaces, random);
    const spreadMm = kind === 3 ? 0.5 : 1.5;
    return [
      point[0] + random.normal(0, spreadMm),
      point[1] + random.normal(0, spreadMm),
      point[2] + random.normal(0, spreadMm),
    ];
  };
}

const along = (point: Vec3, direction: Vec3, mm: number): Vec3 => [
  point[0] + mm * direction[0],
  point[1] + mm * direction[1],
  point[2] + mm * direction[2],
];

/** A place on a surface, uniform within its face, with the face's own normal. */
function drawFoot(
  mesh: TriangleMesh,
  faces: FaceChoice,
  random: Random,
): { readonly face: number; readonly point: Vec3; readonly normal: Vec3 } {
  const face = faces.face(random.uniform(0, 1));
  // The square root makes it uniform over the triangle rather than denser at its first corner.
  const root = Math.sqrt(random.uniform(0, 1));
  const share = random.uniform(0, 1);
  const weights = [1 - root, root * (1 - share), root * share];
  const point: [number, number, number] = [0, 0, 0];
  weights.forEach((weight, corner) => {
    const at = 3 * mesh.triangles[3 * face + corner]!;
    for (let axis = 0; axis < 3; axis++) point[axis]! += weight * mesh.positionsLpsMm[at + axis]!;
  });
  const [x, y, z] = faceCross(mesh, face);
  const norm = Math.hypot(x, y, z) || 1;
  return { face, point, normal: [x / norm, y / norm, z / norm] };
}

/** 3·count normalised coordinates within the cube. */
function drawPoints(count: number, frame: CropFrame, draw: DrawPoint): Float64Array {
  const points = new Float64Array(3 * count);
  const half = frame.edgeMm / 2;
  for (let n = 0; n < count; n++) {
    for (let attempt = 0; ; attempt++) {
      if (attempt === MOST_DRAWS) throw new UserError(failure('preparation.surface-outside-cube'));
      const point = draw(n);
      let isWithin = true;
      for (let axis = 0; axis < 3; axis++) {
        const value = (point[axis]! - frame.centreLpsMm[axis]!) / half;
        points[3 * n + axis] = value;
        if (Math.abs(value) > 1) isWithin = false;
      }
      if (isWithin) break;
    }
  }
  return points;
}

/** Both fields at points, all normalised; a turn of the event loop now and then, so that a cancel can arrive. */
async function measure(
  points: Float64Array,
  { centreLpsMm, edgeMm }: CropFrame,
  distances: SurfaceDistances,
  withSigned: boolean,
  signal: AbortSignal | undefined,
): Promise<{ readonly unsigned: Float64Array; readonly signed: Float64Array }> {
  const half = edgeMm / 2;
  const count = points.length / 3;
  const unsigned = new Float64Array(count);
  const signed = new Float64Array(withSigned ? count : 0);
  for (let first = 0; first < count; first += CHUNK) {
    await new Promise((resolve) => setImmediate(resolve));
    throwIfCancelled(signal);
    const chunk = points.slice(3 * first, 3 * (first + CHUNK));
    for (let at = 0; at < chunk.length; at++) chunk[at] = centreLpsMm[at % 3]! + half * chunk[at]!;
    const { unsignedMm, signedMm } = distances.measure(chunk, withSigned);
    for (let n = 0; n < unsignedMm.length; n++) unsigned[first + n] = unsignedMm[n]! / half;
    if (signedMm) for (let n = 0; n < signedMm.length; n++) signed[first + n] = signedMm[n]! / half;
  }
  return { unsigned, signed };
}
