export { type AcquisitionSpacing, drawAcquisitionSpacing } from './acquisition.ts';
export { FILLINGS, type Filling } from './appendageFilling.ts';
export {
  appendageBounds,
  buildScene,
  CROP_HALF_MM,
  type SceneOptions,
  suggestedCtGrid,
} from './buildScene.ts';
export { type BoxLps, cullScene } from './cullScene.ts';
export { UndrawableSeedError } from './leftHeart.ts';
