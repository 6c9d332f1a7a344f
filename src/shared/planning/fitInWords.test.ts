import { expect, it } from 'vitest';
import type { DeviceFit } from '../contract/planning.ts';
import { sizedByInWords } from './fitInWords.ts';

const device = (section: 'ostium' | 'landing zone', measuredMm: number | null): DeviceFit => ({
  name: 'Plug',
  source: { title: 'Table', version: '1', isVerified: false, remarks: '' },
  sizedBy: { section, diameter: 'maximum' },
  landingZoneMm: 6,
  measuredMm,
  candidates: [],
  excluded: [],
  withheld: null,
});

it('names the diameter, and the landing zone where it is why there is none', () => {
  expect(sizedByInWords(device('ostium', 21.34))).toBe('maximum diameter of the ostium, 21.3 mm');
  expect(sizedByInWords(device('ostium', null))).toBe(
    'maximum diameter of the ostium, with a landing zone at 6 mm',
  );
  expect(sizedByInWords(device('landing zone', null))).toBe('maximum diameter of the landing zone at 6 mm');
});
