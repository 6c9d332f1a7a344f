import { describe, expect, it } from 'vitest';
import { clockInWords, dateInWords, momentInWords } from './dateInWords.ts';

describe('dates', () => {
  it('have one form, with the time of the place', () => {
    // Without an offset ISO 8601 means local time, whatever the zone that this runs in.
    expect(momentInWords('2026-03-04T05:06:07')).toBe('2026-03-04 05:06');
    expect(clockInWords('2026-03-04T23:06:07')).toBe('23:06');
    expect(dateInWords('20000101')).toBe('2000-01-01');
    const offset = new Date('2026-03-04T12:00:00Z').getHours();
    expect(clockInWords('2026-03-04T12:00:00Z')).toMatch(new RegExp(`^${String(offset).padStart(2, '0')}:`));
  });

  it('that are none stay as they are', () => {
    expect(dateInWords('1950')).toBe('1950');
  });
});
