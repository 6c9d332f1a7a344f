import type { reviewFailures } from '../../failures/reviewFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const OPERATIONS = {
  smooth: 'Glätten',
  keepLargest: 'Größte Komponente behalten',
  fillHoles: 'Löcher füllen',
};

export const reviewWords: WordsFor<keyof typeof reviewFailures> = {
  'review.nothing-to-change': ({ operation }) => `${OPERATIONS[operation]}: nichts zu ändern.`,
  'review.plane-put-back': () =>
    'Die Ostiumebene wurde zurückgesetzt: An ihrer neuen Stelle ist nichts segmentiert. Um sie weiter zum Vorhof zu legen, zuerst das Lumen bis dorthin einzeichnen.',
  'review.landmark-put-back': () =>
    'Die Landmarke wurde zurückgesetzt: Die Ebene durch beide Landmarken schneidet das segmentierte Lumen nicht.',
  'review.put-back-from-atrium': ({ reason }, { sentence }) =>
    `Die Ostiumebene wurde zurückgesetzt. ${sentence(reason)}`,
  // Short enough for one line next to the panel's title, so that nothing jumps during a drag.
  'review.nothing-here': () => 'Hier ist nichts segmentiert.',
  'review.uncuttable-here': () => 'Hier nicht schneidbar.',
  'review.follows-on-release': () => 'Folgt beim Loslassen.',
  'review.segmentation-is-same': ({ name }) => `„${name}“ ist mit der aktuellen Segmentierung identisch.`,
};
