import { type OstiumPlace, ostialZone, wholeVoxelsMm } from '#shared/anatomy/ostialZone.ts';
import type { LabelMap } from '#shared/contract/values.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import {
  cutWithOutline,
  fillHoles,
  type HuLimit,
  keepLargest,
  type LabelDelta,
  mergeDeltas,
  paintStroke,
  smoothLabels,
} from '../../edit/index.ts';
import type { Stroke, ViewedVolume } from '../../viewer/types.ts';

/** The shape of the pen, and which voxels it paints. */
export interface Pen {
  readonly radiusMm: number;
  /** A ball, else a disc in the plane that is painted on. */
  readonly is3d: boolean;
  /** Only voxels of at least this value are painted; null paints all. Erasing has no limit. */
  readonly leastHu: number | null;
}

export type LabelOperation = 'smooth' | 'keepLargest' | 'fillHoles';

export const OPERATION_NAMES: Readonly<Record<LabelOperation, string>> = {
  smooth: 'Smooth',
  keepLargest: 'Keep largest component',
  fillHoles: 'Fill holes',
};

const TOOL_NAMES: Readonly<Record<Stroke['tool'], string>> = {
  brush: 'Brush',
  eraser: 'Eraser',
  scissors: 'Scissors',
};

/** The highest value that CT stores: no upper limit. */
const MOST_HU = 32767;
/** About two voxels of a cardiac CT: removes bumps of the pen, keeps lobes. */
const SMOOTHING_RADIUS_MM = 1.5;

export interface StrokeResult {
  /** What this event changed, already done. */
  readonly touched: LabelDelta | null;
  /** The whole stroke as one step, once the pen is up and something changed. */
  readonly finished: { readonly name: string; readonly delta: LabelDelta } | null;
}

export interface LabelStrokes {
  /** Changes the labels for one event of the pen. */
  apply(stroke: Stroke, pen: Pen): StrokeResult;
}

/** Joins the events of the pen to strokes without gaps, and each stroke to one step. */
export function createLabelStrokes(labels: LabelMap, crop: ViewedVolume): LabelStrokes {
  let deltas: LabelDelta[] = [];
  let lastPointLpsMm: Vec3 | null = null;

  const change = ({ tool, pointsLpsMm, planeNormal, phase }: Stroke, pen: Pen): LabelDelta | null => {
    if (tool === 'scissors') {
      return phase === 'end' ? cutWithOutline(labels, pointsLpsMm, planeNormal, 'outside') : null;
    }
    // The stroke continues from the last point of the previous event.
    const points = lastPointLpsMm ? [lastPointLpsMm, ...pointsLpsMm] : pointsLpsMm;
    lastPointLpsMm = points.at(-1) ?? null;
    const brush = pen.is3d
      ? ({ shape: 'sphere' } as const)
      : ({ shape: 'disc', normal: planeNormal } as const);
    if (tool === 'eraser') return paintStroke(labels, points, pen.radiusMm, 0, brush);
    const limit: HuLimit | undefined =
      pen.leastHu === null ? undefined : { volume: crop, lowHu: pen.leastHu, highHu: MOST_HU };
    return paintStroke(labels, points, pen.radiusMm, 1, brush, limit);
  };

  return {
    apply(stroke, pen) {
      if (stroke.phase === 'start') {
        deltas = [];
        lastPointLpsMm = null;
      }
      const touched = change(stroke, pen);
      if (touched) deltas.push(touched);
      if (stroke.phase !== 'end') return { touched, finished: null };
      const delta = mergeDeltas(deltas);
      deltas = [];
      lastPointLpsMm = null;
      return { touched, finished: delta && { name: TOOL_NAMES[stroke.tool], delta } };
    },
  };
}

/**
 * An edit of the whole map, done at once. Smoothing leaves the voxels near the ostium as they are.
 * @returns what it changed, null for nothing
 */
export function operateOn(
  labels: LabelMap,
  operation: LabelOperation,
  ostium: OstiumPlace | null,
): LabelDelta | null {
  switch (operation) {
    case 'smooth':
      return smoothLabels(
        labels,
        SMOOTHING_RADIUS_MM,
        ostium && ostialZone(ostium, wholeVoxelsMm(labels.grid)),
      );
    case 'keepLargest':
      return keepLargest(labels);
    case 'fillHoles':
      return fillHoles(labels);
  }
}
