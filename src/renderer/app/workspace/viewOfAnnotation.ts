import { middleOf } from '#shared/annotations/shapes.ts';
import type { Annotation } from '#shared/contract/annotations.ts';
import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { addScaled, dot, perAxis, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { ViewerScene } from '../../viewer/types.ts';
import { perpendicularAxes, STRAIGHT, type ViewState } from './viewStore.ts';

const PARALLEL = 1 - 1e-6;

/** The plane whose normal is each of the axes. */
const PLANES = ['sagittal', 'coronal', 'axial'] as const;

const planeAlong = (axes: ViewerScene['axes'], normal: Vec3): (typeof PLANES)[number] | undefined =>
  PLANES[axes.findIndex((axis) => Math.abs(dot(axis, normal)) > PARALLEL)];

/** The voxel's centre next to a point, moved along a plane only. */
function nextCentre(grid: GridLps, point: Vec3, normal: Vec3): Vec3 {
  const ijk = lpsToIjk(grid, point);
  const shift = subtract(
    ijkToLps(
      grid,
      perAxis((axis) => Math.round(ijk[axis])),
    ),
    point,
  );
  const onPlane = addScaled(shift, normal, -dot(shift, normal));
  return addScaled(point, onPlane, 1);
}

/**
 * How a pane shows an annotation's plane with it in the middle: the planes stay as they are where one of them is parallel
 * to it, else they become straight, or else the axial one turns.
 */
export function viewOfAnnotation(
  { plane: { normal }, shape }: Pick<Annotation, 'plane' | 'shape'>,
  grid: GridLps | null,
  { axes: now, layout }: Pick<ViewState, 'axes' | 'layout'>,
): Pick<ViewState, 'axes' | 'layout' | 'crosshairLpsMm'> {
  const axes = [now, STRAIGHT].find((some) => planeAlong(some, normal)) ?? perpendicularAxes(normal, now);
  const shows = planeAlong(axes, normal) ?? 'axial';
  const middle = middleOf(shape);
  return {
    axes,
    layout: layout === 'quad' || layout === shows ? layout : 'quad',
    crosshairLpsMm: grid ? nextCentre(grid, middle, normal) : middle,
  };
}
