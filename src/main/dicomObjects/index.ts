export { type ModelFormat, type ModelToWrite, writeEncapsulatedModel } from './encapsulatedModel.ts';
export type { ObjectContext } from './objectContext.ts';
export { type ResultFolder, readResultFolder } from './resultFolder.ts';
export { type SegmentationKind, type WrittenObject, writeSegmentation } from './segmentation.ts';
