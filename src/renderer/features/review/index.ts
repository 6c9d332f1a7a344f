export { BesidePanel } from './BesidePanel.tsx';
export { type Beside, type BesideState, createBeside } from './besideStore.ts';
export { ComparisonPanel } from './ComparisonPanel.tsx';
export { type Comparison, type ComparisonState, createComparison } from './comparisonStore.ts';
export { doubtPatches } from './doubtPatches.ts';
export { EditPanel } from './EditPanel.tsx';
export { HistoryPanel } from './HistoryPanel.tsx';
export { withholdCutOstium } from './ostiumInScan.ts';
export { type MarksChange, PUT_BACK } from './planeDrag.ts';
export { ReviewPanel } from './ReviewPanel.tsx';
export {
  exportedLabels,
  isSameCase,
  type ReviewCase,
  type Verdict,
} from './reviewCase.ts';
export type { ReviewState, SavedReview } from './reviewState.ts';
export { createReview, type Review } from './reviewStore.ts';
