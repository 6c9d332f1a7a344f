export { EditPanel } from './EditPanel.tsx';
export { HistoryPanel } from './HistoryPanel.tsx';
export { ReviewPanel } from './ReviewPanel.tsx';
export {
  exportedLabels,
  type ReviewCase,
  reportOfSurface,
  type Verdict,
  warningsBeforeEditing,
} from './reviewCase.ts';
export { createReview, type Review, type ReviewState, type SavedReview } from './reviewStore.ts';
