import { describe, expect, it } from 'vitest';
import { failure, failureCodes } from '../failures/failure.ts';
import { sampleFailure } from '../failures/testing/sampleFailure.ts';
import { createWords } from './catalogue.ts';
import { english } from './english/index.ts';
import { words } from './words.ts';

/** Their words come from outside: they are what they are. */
const OUTSIDE = new Set(['stored.sentence', 'program.error']);

describe('the English words', () => {
  it('are one sentence for every code, with a capital and a full stop', () => {
    for (const code of failureCodes) {
      if (OUTSIDE.has(code)) continue;
      const sentence = words('en').sentence(sampleFailure(code));
      expect(sentence, code).toMatch(/^["A-Z0-9].*\.$/s);
      expect(sentence, code).not.toMatch(/undefined|NaN|\[object|\.\.$/);
    }
  });

  it('name what keeps the system from writing, a full disk above all', () => {
    const written = (systemCode: string) =>
      words('en').sentence(failure('pipeline.results-not-written', { folder: 'out', systemCode }));
    expect(written('ENOSPC')).toBe('The results could not be written to the folder out (the disk is full).');
    expect(written('EACCES')).toBe('The results could not be written to the folder out (no permission).');
    expect(written('EIO')).toBe('The results could not be written to the folder out (EIO).');
  });

  it('stand inside another sentence without capital and full stop, names as they are', () => {
    const clause = (sentence: string) => words('en').clause(failure('stored.sentence', { sentence }));
    expect(clause('The pixel data ends early.')).toBe('the pixel data ends early');
    expect(clause('A slice is missing.')).toBe('a slice is missing');
    expect(clause('JPEG 2000 cannot be read.')).toBe('JPEG 2000 cannot be read');
  });
});

describe('another language', () => {
  it('has words of its own where they are written and falls back to English elsewhere', () => {
    const german = createWords({
      wordings: {
        ...english.wordings,
        'rpc.not-connected': () => 'Auricles Rechenkern ist nicht verbunden.',
      },
      clauseOf: (sentence) => sentence.replace(/\.$/, ''),
    });
    expect(german.sentence(failure('rpc.not-connected'))).toBe('Auricles Rechenkern ist nicht verbunden.');
    expect(german.clause(failure('rpc.not-connected'))).toBe('Auricles Rechenkern ist nicht verbunden');
    const lost = failure('rpc.connection-lost');
    expect(german.sentence(lost)).toBe(words('en').sentence(lost));
  });
});
