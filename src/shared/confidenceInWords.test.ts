import { expect, it } from 'vitest';
import { confidenceInWords } from './confidenceInWords.ts';

it('rounds a confidence, and never says that it is certain', () => {
  expect([0.5, 0.987, 0.994, 0.995, 1].map(confidenceInWords)).toEqual([
    '50 %',
    '99 %',
    '99 %',
    'over 99 %',
    'over 99 %',
  ]);
});
