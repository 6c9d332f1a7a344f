import { expect, it } from 'vitest';
import { virtualDevice } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import { measurementsCsv } from './measurementsCsv.ts';
import { measurementsJson } from './measurementsJson.ts';
import { reportHtml } from './reportHtml.ts';
import type { ReportInput } from './reportInput.ts';
import { reportPdf } from './reportPdf.ts';
import { pdfPageTexts } from './testing/pdfText.ts';
import { PLANNED_INPUT, picturePng, REPORT_INPUT } from './testing/reportFixture.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const SENTENCES = [
  'Research display only.',
  'By the maximum diameter of the landing zone at 10 mm, 20.0 mm',
  '24 mm (for 16.8 to 21.6 mm): 17 % compression; at the landing zone 17 % along the maximum and 33 % along the minimum diameter; needs 12.0 mm of depth',
  '27 mm (for 18.9 to 24.3 mm): 26 % compression',
  'Source: An example chart, 1; not compared with the manufacturer’s instructions for use',
  'No size fits 22.0 mm; the table’s sizes are for 7.0 to 9.0 mm.',
  'Diameters along the centre line, mm; dashed: landing zone at 10 mm',
  'crosses: common views',
];

it('gives the sizes that fit, or why none does, with plots, in HTML', () => {
  const html = text(reportHtml(PLANNED_INPUT));
  for (const sentence of SENTENCES) expect(html).toContain(sentence);
  expect(html).toContain('Narrow &lt;occluder&gt;');
  expect(html.match(/<svg /g)).toHaveLength(4);
  expect(text(reportHtml(REPORT_INPUT))).not.toMatch(/<svg |Devices/);
});

it('gives them in PDF', async () => {
  const pages = (await pdfPageTexts(await reportPdf(PLANNED_INPUT))).join(' ').replace(/\s+/g, ' ');
  for (const sentence of SENTENCES) expect(pages).toContain(sentence);
});

it('has no heading alone at the end of a page', async () => {
  // As high as leaves room for the heading of the devices below it, and for nothing more.
  const pictures = [{ caption: 'Axial', png: picturePng(200, 120) }];
  const pages = await pdfPageTexts(await reportPdf({ ...PLANNED_INPUT, pictures }));
  const page = pages.find((each) => each.includes('DEVICES'));
  expect(page).toContain('Research display only.');
  expect(page).not.toContain('PICTURES');
});

it('gives them in CSV and JSON', () => {
  const csv = text(measurementsCsv(PLANNED_INPUT));
  expect(csv).toContain('device.Example occluder,"Device sizes that fit, Example occluder",24 mm; 27 mm,,');
  expect(csv).toContain('(not given: no size fits 22.0 mm');
  const json: unknown = JSON.parse(text(measurementsJson(PLANNED_INPUT)));
  expect(json).toMatchObject({
    planning: {
      landingZoneMm: null,
      profile: {
        points: expect.arrayContaining([expect.objectContaining({ distanceMm: 10, maxDiameterMm: 20 })]),
      },
      devices: [
        {
          name: 'Example occluder',
          candidates: [{ label: '24 mm', compressionPercent: 16.7 }, { label: '27 mm' }],
        },
        { candidates: [], withheld: expect.stringContaining('No size fits') },
      ],
    },
  });
});

it('has the landing zone that the reader set among the measurements', () => {
  const at = (landingZoneMm: number): string =>
    text(measurementsCsv({ ...PLANNED_INPUT, plan: { ...PLANNED_INPUT.plan!, landingZoneMm } }));
  expect(at(14)).toContain(
    'landingZoneSet.maxDiameterMm,"Landing zone at 14 mm, set by the reader, maximum diameter",18.8,mm',
  );
  expect(at(14)).toContain('landingZoneSet.areaMm2,"Landing zone at 14 mm, set by the reader, area",244,mm');
  expect(at(3)).toMatch(/landingZoneSet\.maxDiameterMm,.*,,mm,.*intersects the ostium/);
  expect(text(measurementsCsv(PLANNED_INPUT))).not.toContain('landingZoneSet');
});

it('gives the device that the reader placed with its margins, in every document', async () => {
  const input: ReportInput = { ...PLANNED_INPUT, plan: { ...PLANNED_INPUT.plan!, virtualDevice } };
  const said = [
    'Example occluder, 27 mm, at 10.5 mm, tilted 12° and −5°; does not fit by its table',
    'A part of the device lies outside of the scan.',
    'Compression along the minimum diameter',
    'Protrusion past the ostium',
    '−1.2 mm',
    '6.4 mm',
    'not known where no reader and no network has set the place',
    'Schematic, proportions not from the manufacturer.',
  ];
  const html = text(reportHtml(input));
  for (const sentence of said) expect(html).toContain(sentence);
  const pages = (await pdfPageTexts(await reportPdf(input))).join(' ').replace(/\s+/g, ' ');
  for (const sentence of ['Example occluder, 27 mm, at 10.5 mm', '−1.2 mm', 'outside of the scan'])
    expect(pages).toContain(sentence);
  const csv = text(measurementsCsv(input));
  expect(csv).toContain('virtualDevice,Virtual device,"Example occluder, 27 mm, at 10.5 mm, tilted');
  expect(csv).toContain('virtualDevice.compressionMinimum,"Virtual device, Compression along the minimum');
  expect(csv).toMatch(/virtualDevice\.protrusionMm,.*,-1\.2,mm,/);
  expect(csv).toMatch(/virtualDevice\.ridgeMm,.*,,mm,.*not given: not known/);
  expect(JSON.parse(text(measurementsJson(input)))).toMatchObject({
    planning: {
      virtualDevice: {
        compressionPercent: { maximum: 10, minimum: 41.5 },
        warnings: ['A part of the device lies outside of the scan.'],
      },
    },
  });
  expect(text(reportHtml(PLANNED_INPUT))).not.toContain('Virtual device');
});

it('gives the distances from the ostium to what surrounds it with their errors, or why there is none, in every document', async () => {
  const ostiumDistances: NonNullable<ReportInput['plan']>['ostiumDistances'] = [
    { structure: 'circumflex', mm: 3.2, uncertaintyMm: 1.4, withheld: null },
    {
      structure: 'mitralAnnulus',
      mm: null,
      uncertaintyMm: null,
      withheld: failure('planning.structure-not-found', { structure: 'mitralAnnulus' }),
    },
  ];
  const input: ReportInput = { ...PLANNED_INPUT, plan: { ...PLANNED_INPUT.plan!, ostiumDistances } };
  const said = ['Surroundings of the ostium', 'Ostium to the circumflex artery', '3.2 ± 1.4 mm'];
  const why = 'the mitral annulus was not found in the scan';
  const html = text(reportHtml(input));
  for (const sentence of [...said, why]) expect(html).toContain(sentence);
  const pages = (await pdfPageTexts(await reportPdf(input))).join(' ').replace(/\s+/g, ' ');
  for (const sentence of ['SURROUNDINGS OF THE OSTIUM', ...said.slice(1)]) expect(pages).toContain(sentence);
  const csv = text(measurementsCsv(input));
  expect(csv).toMatch(
    /ostiumDistance\.circumflexMm,Ostium to the circumflex artery,3\.2,mm,.*here .* 1\.4 mm/,
  );
  expect(csv).toMatch(new RegExp(`ostiumDistance\\.mitralAnnulusMm,.*,,mm,.*not given: ${why}`));
  expect(JSON.parse(text(measurementsJson(input))).planning.ostiumDistances).toMatchObject([
    { structure: 'circumflex', mm: 3.2, uncertaintyMm: 1.4, withheld: null },
    { structure: 'mitralAnnulus', mm: null, withheld: 'The mitral annulus was not found in the scan.' },
  ]);
  expect(text(reportHtml(PLANNED_INPUT))).not.toContain('Surroundings of the ostium');
});

it('says what to do where the scan cuts the appendage', () => {
  const withheld = failure('measure.appendage-cut');
  const plan: ReportInput['plan'] = {
    profile: { centreLineLpsMm: [], computedLineLpsMm: null, points: [], withheld },
    landingZoneMm: null,
    virtualDevice: null,
    ostiumDistances: [],
    devices: PLANNED_INPUT.plan!.devices.map((device) => ({
      ...device,
      candidates: [],
      excluded: [],
      withheld,
    })),
  };
  const html = text(reportHtml({ ...REPORT_INPUT, plan }));
  expect(html).toContain('Only a scan that holds all of the appendage shows where a device would land.');
  expect(html.match(/<svg /g)).toHaveLength(1);
});
