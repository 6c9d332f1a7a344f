import type { evaluationFailures } from '../../failures/evaluationFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const evaluationWords: WordsFor<keyof typeof evaluationFailures> = {
  'evaluation.no-truth': () => 'Zu diesem Fall gibt es keine Referenz.',
  'evaluation.no-prediction': () => 'Zu diesem Fall gibt es kein Ergebnis.',
  'evaluation.no-cases': () => 'Die beiden Ordner enthalten keine Oberflächen.',
  'evaluation.folder-and-file': () => 'Zwei Oberflächen oder zwei Ordner nennen.',
  'evaluation.other-frame': () =>
    'Die beiden Ergebnisse können nicht verglichen werden: Ihre Bezugssysteme weichen voneinander ab oder sind nicht bekannt.',
  'evaluation.no-surface': ({ folder }) => `In ${folder} ist keine Oberfläche.`,
};
