import { expect, it } from 'vitest';
import { warmUpSteps } from './warmUp.ts';

it('every step of warming up is work that succeeds', () => {
  // A step that throws would end it before the rest was compiled.
  expect([...warmUpSteps()].length).toBeGreaterThan(5);
});
