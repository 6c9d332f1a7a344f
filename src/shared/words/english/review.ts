import type { reviewFailures } from '../../failures/reviewFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const OPERATIONS = { smooth: 'Smooth', keepLargest: 'Keep largest component', fillHoles: 'Fill holes' };

export const reviewWords: WordsFor<keyof typeof reviewFailures> = {
  'review.nothing-to-change': ({ operation }) => `${OPERATIONS[operation]}: nothing to change.`,
  'review.plane-put-back': () =>
    'The ostial plane was put back: nothing is segmented at its new position. To place it farther towards the atrium, paint the lumen up to there first.',
  'review.landmark-put-back': () =>
    'The landmark was put back: the plane through both landmarks does not cut the segmented lumen.',
  'review.put-back-from-atrium': ({ reason }, { sentence }) =>
    `The ostial plane was put back. ${sentence(reason)}`,
  // Short enough for one line next to the panel's title, so that nothing jumps during a drag.
  'review.nothing-here': () => 'Nothing is segmented here.',
  'review.uncuttable-here': () => 'Not cuttable here.',
  'review.follows-on-release': () => 'Updates on release.',
  'review.segmentation-is-same': ({ name }) => `"${name}" is identical to the current segmentation.`,
};
