import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { reportHtml } from './reportHtml.ts';
import { RESEARCH_ONLY } from './reportInput.ts';
import { reportPdf } from './reportPdf.ts';
import { drawnTexts, pdfPageTexts } from './testing/pdfText.ts';
import { HOSTILE_INPUT, picturePng, REPORT_INPUT } from './testing/reportFixture.ts';

describe('PDF', () => {
  it('is A4 with patient, notice and page number on every page, and every number', async () => {
    const pictures = Array.from({ length: 7 }, (_, index) => ({
      caption: `Picture ${index}`,
      png: picturePng(60, 60),
    }));
    const bytes = await reportPdf({ ...REPORT_INPUT, pictures });
    const document = await PDFDocument.load(bytes);
    const count = document.getPageCount();
    expect(count).toBeGreaterThan(2);
    for (const page of document.getPages()) {
      expect(page.getWidth()).toBeCloseTo(595.28, 1);
      expect(page.getHeight()).toBeCloseTo(841.89, 1);
    }
    const pages = await pdfPageTexts(bytes);
    pages.forEach((page, index) => {
      expect(page).toContain('DOE JANE');
      expect(page).toContain(RESEARCH_ONLY);
      expect(page).toContain(`${index + 1} / ${count}`);
    });
    const all = pages.join('\n');
    for (const expected of ['22.6 mm', '376 mm²', '7.9 mL', 'Picture 6', 'b2'.repeat(32), 'Auricle 1.2.3']) {
      expect(all).toContain(expected);
    }
    expect(all).not.toContain('stands for characters');
    expect([document.getTitle(), document.getAuthor()]).toEqual(['Left atrial appendage in CT', undefined]);
  });

  it('keeps an unbroken name, and any other long word, on the page', async () => {
    const long = 'W'.repeat(160);
    const pages = await drawnTexts(
      await reportPdf({
        ...REPORT_INPUT,
        letterhead: { name: long, logoBase64: Buffer.from(picturePng(20, 20)).toString('base64') },
        patient: { ...REPORT_INPUT.patient, studyDescription: long },
      }),
    );
    const lines = pages
      .flat()
      .map(({ text }) => text.trim())
      .filter((text) => /^W{5,}$/.test(text));
    expect(lines.join('')).toHaveLength(2 * 160);
    // W is nine tenths as wide as high: 507 points hold fewer than 52 of 11 points, a third of them fewer than 19.
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(52);
    expect(lines.filter(({ length }) => length < 19).length).toBeGreaterThan(8);
  });

  it('prints names of many scripts as they are written', async () => {
    const names = 'Łódź Ångström Đỗ Владимир Ἀθήνα 山田太郎 刘伟龙 김철수';
    const bytes = await reportPdf({ ...REPORT_INPUT, patient: { ...REPORT_INPUT.patient, name: names } });
    for (const page of await pdfPageTexts(bytes)) expect(page).toContain(names);
    expect((await pdfPageTexts(bytes)).join('')).not.toContain('stands for characters');
    const fonts = new Set((await drawnTexts(bytes)).flat().map(({ font }) => font));
    expect([...fonts].sort()).toEqual([
      'NotoSans-Bold',
      'NotoSans-Regular',
      'NotoSansJP-Regular',
      'NotoSansKR-Regular',
      'NotoSansSC-Regular',
    ]);
  });

  it('sets words that are read from right to left from right to left, letters and words', async () => {
    const patient = { ...REPORT_INPUT.patient, name: 'דוד לוי', studyDescription: 'محمد علي' };
    const [firstPage] = await drawnTexts(await reportPdf({ ...REPORT_INPUT, patient }));
    const line = (font: string): string => {
      const words = firstPage!.filter((each) => each.font === font);
      return words
        .filter(({ baseline }) => baseline === words[0]!.baseline)
        .map(({ text: word }) => word.trim())
        .filter((word) => word !== '')
        .join(' ');
    };
    // As it is drawn, from left to right.
    expect(line('NotoSansHebrew-Regular')).toBe([...'דוד לוי'].reverse().join(''));
    expect(line('NotoSansArabic-Regular').normalize('NFKC')).toBe([...'محمد علي'].reverse().join(''));
  });

  it('says so where its fonts lack a character, and keeps every line on its page', async () => {
    const bytes = await reportPdf(HOSTILE_INPUT);
    const drawn = (await drawnTexts(bytes)).flat();
    expect(drawn.length).toBeGreaterThan(300);
    expect(Math.min(...drawn.map(({ baseline }) => baseline))).toBeGreaterThanOrEqual(40);
    expect(Math.max(...drawn.map(({ baseline }) => baseline))).toBeLessThan(841.89 - 30);
    const all = drawn.map(({ text: each }) => each).join('');
    expect(all).toContain('山田 Łódź Владимир ?');
    expect(all).toContain('stands for characters');
    expect(all.replaceAll(/[^x]/g, '').length).toBeGreaterThan(9000);
  });

  it('is the same bytes for the same input', async () => {
    expect(await reportPdf(REPORT_INPUT)).toEqual(await reportPdf(REPORT_INPUT));
  });

  it('refuses pictures that are none', async () => {
    const pngs = [new Uint8Array(0), Uint8Array.of(1, 2, 3), picturePng().slice(0, 40)];
    for (const png of pngs) {
      await expect(reportPdf({ ...REPORT_INPUT, pictures: [{ caption: '', png }] })).rejects.toThrow(
        UserError,
      );
    }
    expect(() => reportHtml({ ...REPORT_INPUT, pictures: [{ caption: '', png: pngs[1]! }] })).toThrow(
      UserError,
    );
  });
});
