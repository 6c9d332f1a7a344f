import { createLifecycle } from '#shared/lifecycle/lifecycle.ts';

/**
 * How much of a scan is on the screen. arriving: slices are still being loaded; whole: all of it; crop: only the part
 * that a saved session keeps. Only a whole scan can be searched and segmented.
 */
export type ScanExtent = 'arriving' | 'whole' | 'crop';

/**
 * firstSlices: a series begins to arrive; loaded: all of it is there; loadStopped: loading was cancelled or failed;
 * partRestored: saved work is shown with the part of its scan that it keeps (where its scan is open and whole, that
 * stays); closed: the study is closed.
 */
export type ScanEvent = 'firstSlices' | 'loaded' | 'loadStopped' | 'partRestored' | 'closed';

export const scanLifecycle = createLifecycle<ScanExtent | 'none', ScanEvent>('scan on the screen', {
  none: {
    firstSlices: 'arriving',
    loaded: 'whole',
    loadStopped: 'none',
    partRestored: 'crop',
    closed: 'none',
  },
  arriving: {
    firstSlices: 'arriving',
    loaded: 'whole',
    loadStopped: 'none',
    partRestored: 'crop',
    closed: 'none',
  },
  // Loading may also stop before another series has sent its first slices: what is shown stays.
  whole: {
    firstSlices: 'arriving',
    loaded: 'whole',
    loadStopped: 'whole',
    partRestored: 'crop',
    closed: 'none',
  },
  crop: {
    firstSlices: 'arriving',
    loaded: 'whole',
    loadStopped: 'crop',
    partRestored: 'crop',
    closed: 'none',
  },
});
