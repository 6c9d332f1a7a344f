import { expect, it } from 'vitest';
import { shortenWords } from './shortenWords.ts';

const uid = `1.3.6.1.4.1.${'1234567890'.repeat(5)}.dcm`;

it('shortens what is longer than a line in the middle, and nothing else', () => {
  expect(shortenWords(`The file ${uid} is damaged.`)).toBe(
    'The file 1.3.6.1.4.1.1234…34567890.dcm is damaged.',
  );
  const usual = 'The file IM-0001-0042-patient-thorax.dcm is damaged (the file ends within its header).';
  expect(shortenWords(usual)).toBe(usual);
  // Whole characters, also those of two code units.
  expect(shortenWords('𠮷'.repeat(40))).toBe(`${'𠮷'.repeat(16)}…${'𠮷'.repeat(12)}`);
});
