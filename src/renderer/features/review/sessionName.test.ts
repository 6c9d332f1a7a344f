import { expect, it } from 'vitest';
import { sessionName } from './sessionName.ts';

it('names saved work by the time of the place', () => {
  // Written at another place: only where that is this one are both hours the same.
  const savedAt = '2026-03-04T12:34:00+05:00';
  const hour = String(new Date(savedAt).getHours()).padStart(2, '0');
  expect(sessionName({ title: 'Sample study', savedAt })).toContain(` ${hour}:`);
});
