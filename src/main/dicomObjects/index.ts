export { type Anonymised, anonymiseFolders } from './anonymiseFolders.ts';
export { type ModelFormat, type ModelToWrite, writeEncapsulatedModel } from './encapsulatedModel.ts';
export type { ReportToWrite } from './measurementGroups.ts';
export { writeMeasurementReport } from './measurementReport.ts';
export { type ObjectContext, sourceProblem } from './objectContext.ts';
export { isOwnObject } from './ownObject.ts';
export { pdfPages } from './pdfPages.ts';
export { type ResultFolder, readResultFolder, seriesOfResult } from './resultFolder.ts';
export {
  type PageToWrite,
  type PictureToWrite,
  writeReportPage,
  writeSecondaryCapture,
} from './secondaryCapture.ts';
export { type MeasuredSurface, pointsOf, rimOf } from './sectionOutlines.ts';
export { type SegmentationKind, type WrittenObject, writeSegmentation } from './segmentation.ts';
export { type SegmentationOfScan, segmentationOfScan } from './segmentationOfScan.ts';
export { segmentationReference } from './segmentationReference.ts';
