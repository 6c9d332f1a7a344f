import { expect, it } from 'vitest';
import { reviewInWords } from './reviewInWords.ts';

it('names who reviewed a result, and when', () => {
  const by = { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' };
  expect(reviewInWords('accepted', by)).toBe('Accepted by Dr Roe, 2026-01-02 03:04 UTC.');
  expect(reviewInWords('rejected', null)).toBe('Rejected by a reviewer.');
  expect(reviewInWords('not reviewed', null)).toBe('Not reviewed.');
});
