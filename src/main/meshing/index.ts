export { appendageAfterEdits } from './afterEdits.ts';
export { appendageFromLabels, type LabelSurface, labelSurface } from './fromLabels.ts';
export { type LabelSurfaces, labelSurfaces } from './labelSurfaces.ts';
export {
  type DividedSurface,
  measureDivided,
  measurementsOf,
  meshReportOf,
  ownMesh,
  round,
  roundOrNull,
  roundVec,
  sizeWarnings,
} from './measured.ts';
export { flatEnd } from './ownCap.ts';
export {
  lineWarnings,
  type MeasuredShape,
  plausibilityWarnings,
  whyNoLandingZone,
} from './plausibility.ts';
export { divideAtPlane, recutAppendage } from './recut.ts';
export { editedBeyond, recutBeyond } from './recutBeyond.ts';

export { warmUpSteps } from './warmUp.ts';
