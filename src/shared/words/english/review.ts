import type { reviewFailures } from '../../failures/reviewFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const OPERATIONS = { smooth: 'Smooth', keepLargest: 'Keep largest piece', fillHoles: 'Fill holes' };

export const reviewWords: WordsFor<keyof typeof reviewFailures> = {
  'review.nothing-to-change': ({ operation }) => `${OPERATIONS[operation]}: there was nothing to change.`,
  'review.plane-put-back': () =>
    'The ostium’s plane was put back: nothing is segmented where it was moved to. To place it farther towards the atrium, paint the lumen up to there first.',
  // Short enough for one line next to the panel's title, so that nothing jumps during a drag.
  'review.nothing-here': () => 'Nothing is segmented here.',
  'review.uncuttable-here': () => 'It cannot be cut here.',
  'review.follows-on-release': () => 'Follows on release.',
  'review.segmentation-is-same': ({ name }) => `"${name}" is the segmentation that is shown.`,
};
