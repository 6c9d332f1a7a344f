import { describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { words } from '../words/words.ts';
import { failure, failureCodes, isFailure } from './failure.ts';
import { sampleFailure } from './testing/sampleFailure.ts';

describe('failures', () => {
  it('are plain data that survive cloning and JSON, and are known again', () => {
    for (const code of failureCodes) {
      const sample = sampleFailure(code);
      expect(isFailure(sample), code).toBe(true);
      expect(structuredClone(sample)).toEqual(sample);
      expect(JSON.parse(JSON.stringify(sample))).toEqual(sample);
    }
  });

  it('are refused with an unknown code, a field too many, too few or of another kind', () => {
    const good = failure('stored.sentence', { sentence: 'Why.' });
    expect(isFailure(good)).toBe(true);
    const bad: unknown[] = [
      null,
      'Why.',
      [],
      { ...good, code: 'stored.nothing' },
      { ...good, code: 'toString' },
      { ...good, more: 1 },
      { ...good, fields: {} },
      { ...good, fields: { sentence: 1 } },
      { ...good, fields: { sentence: 'Why.', more: 1 } },
      { code: good.code },
    ];
    for (const value of bad) expect(isFailure(value), JSON.stringify(value)).toBe(false);
  });

  it('are thrown with their English sentence as message', () => {
    const why = failure('rpc.not-connected');
    expect(new UserError(why)).toMatchObject({ failure: why, message: words().sentence(why) });
  });
});
