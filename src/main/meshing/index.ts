export { appendageFromLabels, type LabelSurface, labelSurface } from './fromLabels.ts';
export {
  type DividedSurface,
  type MeasuredShape,
  measureDivided,
  measurementsOf,
  meshReportOf,
  ownMesh,
} from './measured.ts';
export { divideAtPlane, recutAppendage } from './recut.ts';
export { round, roundOrNull, roundVec } from './rounding.ts';
export { sizeWarnings } from './sizeWarnings.ts';
export { warmUpSteps } from './warmUp.ts';
