import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { virtualDevice } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import { box } from '#shared/mesh/testing/primitives.ts';
import type { ReportInput } from './reportInput.ts';
import { summaryContent } from './summaryContent.ts';
import { summaryHtml } from './summaryHtml.ts';
import { summaryPdf } from './summaryPdf.ts';
import { drawnTexts, pdfPageTexts } from './testing/pdfText.ts';
import {
  HOSTILE_INPUT,
  PLANNED_INPUT,
  picturePng,
  REPORT_INPUT,
  said,
  WITHHELD,
} from './testing/reportFixture.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Everything at once, as much as there can be. */
const { ostium } = REPORT_INPUT.measurements;
const CROWDED: ReportInput = {
  ...HOSTILE_INPUT,
  letterhead: {
    name: 'Universitätsklinikum für Herz- und Gefäßerkrankungen '.repeat(3).slice(0, 160),
    logoBase64: Buffer.from(picturePng(400, 40)).toString('base64'),
  },
  patient: { ...HOSTILE_INPUT.patient, name: '山田太郎'.repeat(60), id: 'W'.repeat(64) },
  warnings: Array.from({ length: 30 }, (_, at) =>
    said(`${at} ${'Weak contrast in the atrium. '.repeat(20)}`),
  ),
  reviewedBy: { reviewer: 'Ж'.repeat(200), at: '2026-01-02T03:04:05.678Z' },
  plan: {
    ...PLANNED_INPUT.plan!,
    virtualDevice: { ...virtualDevice, table: 'N'.repeat(80) },
    devices: Array.from({ length: 9 }, () => ({ ...PLANNED_INPUT.plan!.devices[0]!, name: 'M'.repeat(80) })),
  },
  surface: {
    closed: box([-60, -60, -60], [60, 60, 60]),
    ostiumPlane: ostium && { pointLpsMm: ostium.centreLpsMm, normal: ostium.normal },
    rimLpsMm: Float32Array.of(0, 0, 0, 10, 0, 0, 0, 10, 0),
  },
};

describe('the one-page summary', () => {
  it('is one page of A4 whatever is to be said, and says how much it leaves out', async () => {
    const bytes = await summaryPdf(CROWDED);
    expect((await PDFDocument.load(bytes)).getPageCount()).toBe(1);
    const [page = []] = await drawnTexts(bytes);
    expect(Math.min(...page.map(({ baseline }) => baseline))).toBeGreaterThan(36);
    const all = page.map(({ text: drawn }) => drawn).join('');
    expect(all).toMatch(/\d+ more of these stand in the full report/);
    expect(all).toContain('Research use only. Not for clinical decisions.');
  });

  it('has review, warnings and what is not given before the numbers, which are those of the report', async () => {
    const [page = ''] = await pdfPageTexts(await summaryPdf({ ...PLANNED_INPUT, warnings: [said('Odd.')] }));
    const html = text(summaryHtml({ ...PLANNED_INPUT, warnings: [said('Odd.')] }));
    const { maxDiameterMm, areaMm2 } = ostium!;
    for (const shown of [page, html]) {
      for (const expected of [
        `${fixedDecimals(maxDiameterMm, 1)} mm`,
        `${fixedDecimals(areaMm2, 0)} mm²`,
        '7.9 mL',
        'DOE JANE',
        '24 mm, 27 mm',
        'Not given: Device size, Narrow',
      ])
        expect(shown).toContain(expected);
      expect(shown.indexOf('Odd.')).toBeGreaterThan(shown.indexOf('Accepted by Dr Roe'));
      expect(shown.indexOf('22.6 mm')).toBeGreaterThan(shown.indexOf('Odd.'));
    }
  });

  it('keeps the distance to the circumflex artery in the caption of a device, which it cuts', () => {
    const device: typeof virtualDevice = { ...virtualDevice, tiltDegrees: [0, 0], fits: true };
    const { surface } = CROWDED;
    const { figures } = summaryContent({
      ...PLANNED_INPUT,
      surface,
      plan: { ...PLANNED_INPUT.plan!, virtualDevice: device },
    });
    const { caption } = figures.find(({ id }) => id === 'device')!;
    expect(caption).toMatch(/Distance to the circumflex artery[^;]* mm;.*…$/i);
  });

  it('says when it was made, however many models there are and however long their names', () => {
    const [model] = REPORT_INPUT.report.models;
    const models = Array.from({ length: 6 }, () => ({ ...model!, id: 'laa-model-with-a-long-name' }));
    const input = { ...REPORT_INPUT, report: { ...REPORT_INPUT.report, models } };
    expect(summaryContent(input).provenance).toContain(
      `made ${REPORT_INPUT.madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    );
  });

  it('shows no number where it is withheld', () => {
    const { sizes, numbers, figures } = summaryContent(WITHHELD);
    expect(new Set(sizes.flatMap(({ values }) => values))).toEqual(new Set(['not given']));
    expect(numbers.find(([label]) => label === 'Volume')).toEqual(['Volume', 'not given']);
    expect(figures).toEqual([]);
    const html = text(summaryHtml({ ...WITHHELD, warnings: [failure('measure.appendage-cut')] }));
    expect(html).toContain('Not given: ');
  });

  it('escapes every text', () => {
    const html = text(summaryHtml(CROWDED));
    expect(html).not.toContain('<script');
    for (const address of html.matchAll(/\b(?:src|href)="([^"]*)"/g))
      expect(address[1]).toMatch(/^data:image\/png/);
  });
});
