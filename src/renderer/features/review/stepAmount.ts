import { annotationLines } from '#shared/annotations/annotationInWords.ts';
import type { Annotation } from '#shared/contract/annotations.ts';
import { type GridLps, voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import { angleBetweenDegrees, distance } from '#shared/geometry/vec3.ts';
import { changedVoxels, type SimpleEdit, simpleEditsOf, type WorkEdit } from '../../edit/index.ts';

const known = new WeakMap<WorkEdit, string>();

/** How much a step changed, in words: "0.32 mL", "1.5 mm, 4°"; '' for a verdict. */
export function stepAmount(edit: WorkEdit, grid: GridLps): string {
  const amount =
    known.get(edit) ??
    simpleEditsOf(edit)
      .map((part) => partAmount(part, grid))
      .filter((text) => text !== '')
      .join(', ');
  known.set(edit, amount);
  return amount;
}

function partAmount(part: SimpleEdit, grid: GridLps): string {
  switch (part.kind) {
    case 'labels':
      return volumeInWords((changedVoxels(part.delta) * voxelVolumeMm3(grid)) / 1000);
    case 'plane':
      return planeAmount(part);
    case 'region':
      return regionAmount(part);
    case 'annotations':
      return part.after.map(annotationAmount).join(', ');
    case 'device':
      return deviceAmount(part);
    case 'review':
    case 'marks':
      return '';
  }
}

/** Its first number; the name of a text may be long. */
const annotationAmount = (annotation: Annotation): string =>
  annotation.shape.kind === 'text' ? '' : (annotationLines(annotation)[0] ?? '');

const volumeInWords = (volumeMl: number): string =>
  volumeMl < 0.005 ? '< 0.01 mL' : `${volumeMl.toFixed(2)} mL`;

function planeAmount({ before, after }: Extract<SimpleEdit, { kind: 'plane' }>): string {
  if (!before || !after) return '';
  const degrees = angleBetweenDegrees(before.normal, after.normal);
  return moves(distance(before.pointLpsMm, after.pointLpsMm), [degrees, '°']);
}

function deviceAmount({ before, after }: Extract<SimpleEdit, { kind: 'device' }>): string {
  if (!after) return '';
  const name = `${after.table} ${after.size}`;
  if (!before || before.table !== after.table || before.size !== after.size) return name;
  const [a, b] = [before.tiltDegrees, after.tiltDegrees];
  return moves(Math.abs(after.depthMm - before.depthMm), [Math.hypot(b[0] - a[0], b[1] - a[1]), '°']);
}

function regionAmount({ before, after }: Extract<SimpleEdit, { kind: 'region' }>): string {
  if (!before || !after) return '';
  return moves(distance(before.centreLpsMm, after.centreLpsMm), [after.edgeMm - before.edgeMm, ' mm size']);
}

/** Of a shift in mm and a second change, those that are not nothing. */
function moves(shiftMm: number, [change, unit]: readonly [number, string]): string {
  const rounded = Math.round(change);
  return [
    shiftMm >= 0.05 ? `${shiftMm.toFixed(1)} mm` : '',
    rounded === 0 ? '' : `${unit === '°' ? '' : rounded > 0 ? '+' : '−'}${Math.abs(rounded)}${unit}`,
  ]
    .filter((text) => text !== '')
    .join(', ');
}
