import type { StoreApi } from 'zustand/vanilla';
import { NO_MARKS, type ReaderMarks } from '#shared/contract/readerMarks.ts';
import type { ReviewedBy } from '#shared/contract/services/exporting.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import type { DevicePose } from '#shared/contract/virtualDevice.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { ReviewCase, Verdict } from './reviewCase.ts';

/** How the result is shown and edited; not saved with the work. */
export interface ReviewLook {
  readonly isVisible: boolean;
  readonly opacity: number;
  /** The network's own surface is shown as well. */
  readonly isComparing: boolean;
  /** Where the network's own surface is less sure is coloured, as long as nobody changed it. */
  readonly showsDoubt: boolean;
  readonly isBrush3d: boolean;
  /** The brush paints only voxels of at least this value; null paints all. */
  readonly brushLeastHu: number | null;
}

export interface ReviewState extends ReviewLook {
  readonly current: ReviewCase | null;
  /** The surface as it is now; of an earlier state while it is being remade. */
  readonly appendage: MeasuredAppendage | null;
  /** The ostium's plane as it is drawn: follows the handle. */
  readonly plane: OstiumPlane | null;
  /** What the reader set beside the surface, as it is drawn: follows what is dragged. */
  readonly marks: ReaderMarks;
  /** The virtual device as it is drawn: follows what is dragged; null where none is placed. */
  readonly device: DevicePose | null;
  /** Names of the steps, oldest first; those from `position` on were undone. */
  readonly steps: readonly string[];
  /** How much each step changed, in words; '' where there is nothing to say. */
  readonly amounts: readonly string[];
  readonly position: number;
  /** Names of the steps in force that changed the result, not only its verdict. */
  readonly edits: readonly string[];
  /** A text that differs wherever the labels differ by the steps in force; '' where they are the network's. */
  readonly shapeMark: string;
  /** How many steps in force changed labels; 0: the labels are the network's. */
  readonly labelEdits: number;
  /** The surface is not up to date with the edits yet. */
  readonly isRemaking: boolean;
  /** Why no surface could be made of the last edit. */
  readonly problem: Failure | null;
  /** Why the surface does not follow the dragged plane; it is that of the last plane that cut it. */
  readonly planeHint: Failure | null;
  readonly verdict: Verdict;
  /** Who gave the verdict, and when; null while there is none. */
  readonly reviewedBy: ReviewedBy | null;
  /** Grows with every change that is to be saved. */
  readonly revision: number;
}

/** What a saved session has besides the case itself. */
export interface SavedReview {
  readonly appendage: MeasuredAppendage;
  readonly plane: OstiumPlane | null;
  readonly marks: ReaderMarks;
  readonly device: DevicePose | null;
  readonly verdict: Verdict;
  readonly reviewedBy: ReviewedBy | null;
  readonly labelEdits: number;
  /** The surface had not followed the last edits when this was saved. */
  readonly isStale: boolean;
  readonly history: Uint8Array;
}

export type ReviewStore = StoreApi<ReviewState>;

export const LOOK: ReviewLook = {
  isVisible: true,
  // Seen through even a little, the far walls of a bent appendage shine through as folds that are none.
  opacity: 1,
  isComparing: false,
  showsDoubt: false,
  isBrush3d: true,
  brushLeastHu: null,
};

/** No work at all. */
export const NOTHING: Omit<ReviewState, keyof ReviewLook | 'revision'> = {
  current: null,
  appendage: null,
  plane: null,
  marks: NO_MARKS,
  device: null,
  steps: [],
  amounts: [],
  position: 0,
  edits: [],
  shapeMark: '',
  labelEdits: 0,
  isRemaking: false,
  problem: null,
  planeHint: null,
  verdict: 'not reviewed',
  reviewedBy: null,
};

/** The next revision: something to save has changed. */
export const touched = ({ revision }: ReviewState): Pick<ReviewState, 'revision'> => ({
  revision: revision + 1,
});
