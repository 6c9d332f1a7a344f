import type { Annotation, AnnotationShape, AreaShape, HuStatistics } from '../contract/annotations.ts';
import type { OstiumPlane } from '../contract/values.ts';
import { type Failure, failure } from '../failures/failure.ts';
import { type GridLps, ijkToLps, lpsToIjk } from '../geometry/gridLps.ts';
import { addScaled, cross, dot, perpendicular, subtract, type Vec3 } from '../geometry/vec3.ts';
import { resampleTrilinear } from '../volume/resample.ts';
import type { VolumeHu } from '../volume/volume.ts';
import { type LatticeOutline, outlineBounds, rowSpans } from './latticeOutline.ts';

/** What is known of the attenuation within an area: numbers, or why there are none. */
export type MeasuredHu =
  | { readonly hu: HuStatistics; readonly withheld: null }
  | { readonly hu: null; readonly withheld: Failure };

/** A plane this near to voxel centres, in voxels, runs through them. */
const ON_CENTRES_VOXELS = 1e-3;
const PARALLEL = 1 - 1e-9;

/** Where a plane is sampled: at whole numbers along two directions, perpendicular to each other. */
interface PlaneLattice {
  readonly originLpsMm: Vec3;
  readonly directions: readonly [Vec3, Vec3];
  readonly stepsMm: readonly [number, number];
  readonly sampling: HuStatistics['sampling'];
}

/** The voxels of a plane that runs through their centres along two axes of the scan; null for any other. */
function voxelLattice(grid: GridLps, { pointLpsMm, normal }: OstiumPlane): PlaneLattice | null {
  const axis = ([0, 1, 2] as const).find((at) => Math.abs(dot(grid.directions[at], normal)) > PARALLEL);
  if (axis === undefined) return null;
  const at = lpsToIjk(grid, pointLpsMm)[axis];
  if (Math.abs(at - Math.round(at)) > ON_CENTRES_VOXELS) return null;
  const [first, second] = ([0, 1, 2] as const).filter((other) => other !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  const originIjk: [number, number, number] = [0, 0, 0];
  originIjk[axis] = Math.round(at);
  return {
    originLpsMm: ijkToLps(grid, originIjk),
    directions: [grid.directions[first], grid.directions[second]],
    stepsMm: [grid.spacingMm[first], grid.spacingMm[second]],
    sampling: 'voxels',
  };
}

/** Half of the smallest distance between voxels apart, from the plane's own point on. */
function obliqueLattice(grid: GridLps, { pointLpsMm, normal }: OstiumPlane): PlaneLattice {
  const across = perpendicular(normal);
  const step = Math.min(...grid.spacingMm) / 2;
  return {
    originLpsMm: pointLpsMm,
    directions: [across, cross(normal, across)],
    stepsMm: [step, step],
    sampling: 'trilinear',
  };
}

function onLattice(shape: AreaShape, lattice: PlaneLattice): LatticeOutline {
  const along = (vector: Vec3): [number, number] => [
    dot(vector, lattice.directions[0]) / lattice.stepsMm[0],
    dot(vector, lattice.directions[1]) / lattice.stepsMm[1],
  ];
  const at = (pointLpsMm: Vec3): [number, number] => along(subtract(pointLpsMm, lattice.originLpsMm));
  if (shape.kind === 'freehand') return { kind: 'polygon', points: shape.pointsLpsMm.map(at) };
  const [first, second] = shape.halfAxesLpsMm;
  return { kind: 'ellipse', centre: at(shape.centreLpsMm), halfAxes: [along(first), along(second)] };
}

/** The values of a scan at a part of a lattice, row by row; NaN outside of the scan. */
function latticeValues(
  volume: VolumeHu,
  { originLpsMm, directions: [across, along], stepsMm, sampling }: PlaneLattice,
  [columns, rows]: readonly [number, number],
  [firstColumn, firstRow]: readonly [number, number],
): Float32Array {
  const target: GridLps = {
    sizeIjk: [columns, rows, 1],
    originLpsMm: addScaled(
      addScaled(originLpsMm, across, firstColumn * stepsMm[0]),
      along,
      firstRow * stepsMm[1],
    ),
    spacingMm: [stepsMm[0], stepsMm[1], 1],
    directions: [across, along, cross(across, along)],
  };
  const values = resampleTrilinear(volume, target, Number.NaN);
  // Centres are hit but for rounding: their values are whole.
  return sampling === 'voxels' && volume.data instanceof Int16Array ? values.map(Math.round) : values;
}

const withheld = (
  code: 'annotations.no-voxel-within' | 'annotations.outside' | 'annotations.too-large',
): MeasuredHu => ({ hu: null, withheld: failure(code) });

/** Beyond so many samples nothing is measured: no scan is so large. */
const MOST_SAMPLES = 2 ** 25;

/**
 * Mean, standard deviation, smallest and largest value within an area on a plane. Where the plane runs through voxel
 * centres along the scan's axes, of the voxels whose centres lie within; else of trilinear samples on a square lattice,
 * half of the smallest distance between voxels apart. What lies outside of the scan counts for nothing, and its share of
 * the area is given.
 */
export function measureHu(shape: AreaShape, plane: OstiumPlane, volume: VolumeHu): MeasuredHu {
  const lattice = voxelLattice(volume.grid, plane) ?? obliqueLattice(volume.grid, plane);
  const outline = onLattice(shape, lattice);
  const { low, high } = outlineBounds(outline);
  const size = [high[0] - low[0] + 1, high[1] - low[1] + 1] as const;
  if (size[0] <= 0 || size[1] <= 0) return withheld('annotations.no-voxel-within');
  if (size[0] * size[1] > MOST_SAMPLES) return withheld('annotations.too-large');
  const values = latticeValues(volume, lattice, size, low);
  let [samples, beyond, sum] = [0, 0, 0];
  let [minimumHu, maximumHu] = [Infinity, -Infinity];
  const eachWithin = (visit: (value: number) => void): void => {
    for (let row = low[1]; row <= high[1]; row++) {
      for (const [from, to] of rowSpans(outline, row)) {
        const base = (row - low[1]) * size[0] - low[0];
        for (let column = from; column <= to; column++) visit(values[base + column]!);
      }
    }
  };
  eachWithin((value) => {
    if (Number.isNaN(value)) {
      beyond++;
      return;
    }
    samples++;
    sum += value;
    minimumHu = Math.min(minimumHu, value);
    maximumHu = Math.max(maximumHu, value);
  });
  if (samples === 0) {
    return withheld(beyond > 0 ? 'annotations.outside' : 'annotations.no-voxel-within');
  }
  const meanHu = sum / samples;
  let squares = 0;
  eachWithin((value) => {
    if (!Number.isNaN(value)) squares += (value - meanHu) ** 2;
  });
  return {
    hu: {
      meanHu,
      deviationHu: Math.sqrt(squares / samples),
      minimumHu,
      maximumHu,
      samples,
      sampling: lattice.sampling,
      outsideShare: beyond / (samples + beyond),
    },
    withheld: null,
  };
}

/** The attenuation within a shape, where it has an area; `volume` is null where no scan is open. */
export function measureAnnotation(
  shape: AnnotationShape,
  plane: OstiumPlane,
  volume: VolumeHu | null,
): Pick<Annotation, 'hu' | 'withheld'> {
  if (shape.kind !== 'ellipse' && shape.kind !== 'freehand') return { hu: null, withheld: null };
  if (!volume) return { hu: null, withheld: failure('annotations.outside') };
  return measureHu(shape, plane, volume);
}
