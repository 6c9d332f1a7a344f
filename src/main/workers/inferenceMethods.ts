import type { Region, SegmentedAppendage } from '#shared/contract/services/segmentation.ts';
import type { Volume } from '#shared/volume/volume.ts';
import type { SegmentCropRequest } from '../pipeline/inferenceSession.ts';

/** What the inference thread can be asked for. Its events are EngineStatus values. */
export type InferenceMethods = {
  findRegion: { params: { readonly coarse: Volume<Int16Array> }; result: Region };
  segment: { params: SegmentCropRequest; result: SegmentedAppendage };
};
