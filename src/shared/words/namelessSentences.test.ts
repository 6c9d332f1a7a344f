import { expect, it } from 'vitest';
import { failure, failureCodes, fieldsOfFailure } from '../failures/failure.ts';
import { sampleFailure } from '../failures/testing/sampleFailure.ts';
import { isNamelessSentence } from './namelessSentences.ts';
import { words } from './words.ts';

it('knows the sentences that hold numbers alone, whatever the numbers are', () => {
  const ofNumbers = failureCodes.filter((code) =>
    Object.values(fieldsOfFailure(code)).every((kind) => kind === 'number' || kind === 'flag'),
  );
  expect(ofNumbers.length).toBeGreaterThan(20);
  for (const code of ofNumbers)
    expect(isNamelessSentence(words().sentence(sampleFailure(code))), code).toBe(true);
});

it('holds every sentence with a text in it for one that may name somebody', () => {
  const withText = failureCodes.filter((code) => Object.values(fieldsOfFailure(code)).includes('text'));
  expect(withText.length).toBeGreaterThan(50);
  for (const code of withText) {
    const sentence = words().sentence(sampleFailure(code));
    // Not every form of a sentence says its text.
    if (sentence.includes('Sample')) expect(isNamelessSentence(sentence), code).toBe(false);
  }
  const scout = failure('series.images-left-out', {
    images: 1,
    fileName: 'Doe_Jane.dcm',
    reason: failure('dicom.units-unlabelled'),
  });
  expect(isNamelessSentence(words().sentence(scout))).toBe(false);
  expect(isNamelessSentence('Jane Doe moved.')).toBe(false);
});
