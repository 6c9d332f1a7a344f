import { describe, expect, it } from 'vitest';
import { clockInWords, dateInWords, engineInWords, momentInWords, shortenWords } from './valuesInWords.ts';

it.each([
  ['onnx', 'CPU, 2 threads', 'ONNX Runtime · CPU, 2 threads'],
  ['webgpu', 'NVIDIA H200', 'WebGPU · NVIDIA H200'],
  ['cuda', 'NVIDIA GPU', 'CUDA · NVIDIA GPU'],
  // While it starts.
  ['onnx', '', 'ONNX Runtime'],
  // Of a later version's report.
  ['metal', 'GPU', 'metal · GPU'],
])('the engine %s on %s is called %s', (id, device, words) =>
  expect(engineInWords({ id, device })).toBe(words),
);

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
