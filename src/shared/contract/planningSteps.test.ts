import { expect, it } from 'vitest';
import { PLANNING_STEPS, stepsInWords } from './planningSteps.ts';

it('says which steps were reviewed and which were not, in their order', () => {
  expect(stepsInWords([])).toBe('');
  expect(stepsInWords(['ostium', 'region'])).toBe(
    'Reviewed step by step: region, ostium. Not reviewed: appendage, landing zone, device, C-arm view.',
  );
  expect(stepsInWords(PLANNING_STEPS)).toBe(
    'Reviewed step by step: region, appendage, ostium, landing zone, device, C-arm view.',
  );
});
