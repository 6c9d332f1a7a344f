export { cutWithOutline } from './cutWithOutline.ts';
export { createHistory, type History, type HistoryEntry, type HistoryState } from './history.ts';
export { changedVoxels, type LabelDelta, mergeDeltas, toggleLabels } from './labelDelta.ts';
export { type Brush, type HuLimit, paintStroke } from './paintStroke.ts';
export { fillHoles, keepLargest, replaceLabels, smoothLabels } from './wholeMap.ts';
export {
  applyLabelEdits,
  createWorkHistory,
  historyFromBytes,
  historyToBytes,
  type SimpleEdit,
  simpleEditsOf,
  type WorkEdit,
  type WorkHistory,
} from './workEdit.ts';
