import type { LeftAtriumField } from '#shared/anatomy/surroundings.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { LabelMap, OstiumPlane } from '#shared/contract/values.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { appendageAfterEdits } from './afterEdits.ts';
import { isIntoAtrium, recutIntoAtrium } from './intoAtrium.ts';
import { recutAppendage } from './recut.ts';

/** A surface that was divided at its own end; without an ostium it has none. */
export interface CuttableSurface {
  readonly closed: TriangleMesh;
  readonly wall: TriangleMesh | null;
  readonly ostiumPlane: OstiumPlane | null;
}

const beyond = ({ closed, wall, ostiumPlane }: CuttableSurface, plane: OstiumPlane) => {
  const end = wall && ostiumPlane ? { closed, wall, ostiumPlane } : null;
  return end && isIntoAtrium(end, plane) ? end : null;
};

/**
 * A surface cut at a plane: within it as `recutAppendage` does, beyond its own end as the left atrium goes on, where its
 * field is known; with edits of its labels where there are any.
 * @throws UserError, CancelledError as the functions that it calls
 */
export function recutBeyond(
  surface: CuttableSurface,
  plane: OstiumPlane,
  atrium: LeftAtriumField | null,
  isCut: boolean,
  signal?: AbortSignal,
): MeasuredAppendage {
  const end = atrium && beyond(surface, plane);
  return end
    ? recutIntoAtrium(end, atrium, plane, isCut, signal)
    : recutAppendage(surface.closed, plane, isCut, signal);
}

/** As `appendageAfterEdits`; a plane beyond the original's own end is cut as `recutBeyond` does, after the edits. */
export function editedBeyond(
  original: MeasuredAppendage,
  labels: LabelMap,
  plane: OstiumPlane | null,
  atrium: LeftAtriumField | null,
  isCut: boolean,
  signal?: AbortSignal,
): MeasuredAppendage {
  if (!plane || !atrium || !beyond(original, plane))
    return appendageAfterEdits(original, labels, plane, isCut, signal);
  const edited = appendageAfterEdits(original, labels, original.ostiumPlane, isCut, signal);
  const cut = recutBeyond(edited, plane, atrium, isCut, signal);
  const known = new Set(cut.warnings.map(({ code }) => code));
  // What was said of the edits still holds; the ostium is another.
  const ofEdits = edited.warnings.filter(({ code }) => code.startsWith('meshing.') && !known.has(code));
  return { ...cut, warnings: [...ofEdits, ...cut.warnings] };
}
