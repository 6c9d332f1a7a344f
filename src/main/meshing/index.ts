export { appendageFromLabels, type LabelSurface, labelSurface } from './fromLabels.ts';
export {
  type DividedSurface,
  type MeasuredShape,
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
export { plausibilityWarnings } from './plausibility.ts';
export { divideAtPlane, recutAppendage } from './recut.ts';

export { warmUpSteps } from './warmUp.ts';
