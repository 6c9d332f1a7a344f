import { describe, expect, it } from 'vitest';
import { plainText } from './plainText.ts';
import { hasUnknown, textRuns } from './printableText.ts';
import { readableDate, readableName } from './reportContent.ts';

describe('texts', () => {
  it('of PDFs are divided by font, accents with their letters, control characters blank', () => {
    expect(textRuns('Yamada\u0007山田 x\n한 x\u0301')).toEqual([
      { text: 'Yamada ', font: 'NotoSans' },
      { text: '山田', font: 'NotoSansJP' },
      { text: ' x ', font: 'NotoSans' },
      { text: '한', font: 'NotoSansKR' },
      { text: ' x\u0301', font: 'NotoSans' },
    ]);
    expect(textRuns('a😀?')).toEqual([{ text: 'a??', font: 'NotoSans' }]);
    expect([hasUnknown('a?'), hasUnknown('a😀?')]).toEqual([false, true]);
  });

  const latin = (codePoint: number): boolean => codePoint < 0x250;
  const ascii = (codePoint: number): boolean => codePoint < 0x7f;

  it('are spelled with what the character set has', () => {
    expect(plainText('Ångström', latin)).toBe('Ångström');
    expect(plainText('Ångström ≤ 2·√π mm²', ascii)).toBe('Angstrom <= 2*sqrtpi mm^2');
    expect(plainText('Щукин, Юлия', ascii)).toBe('Shchukin, Yuliya');
    expect(plainText('a\nb\u0007c\u00a0d', ascii)).toBe('a b c d');
    expect(plainText('山田', ascii)).toBe('??');
  });

  it('of DICOM become readable', () => {
    expect(readableName('DOE^JANE^^DR')).toBe('DOE JANE DR');
    expect(readableName('Yamada^Tarou=山田^太郎=')).toBe('Yamada Tarou / 山田 太郎');
    expect(readableDate('20260131')).toBe('2026-01-31');
    expect(readableDate('1950')).toBe('1950');
  });
});
