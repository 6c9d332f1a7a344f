import { describe, expect, it } from 'vitest';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import { report } from '#shared/contract/testing/values.ts';
import { withholdAll } from '#shared/contract/withholdAll.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { cArmRows } from './cArmRows.ts';
import { measurementRows } from './measurementRows.ts';
import { measurementsCsv } from './measurementsCsv.ts';
import { measurementsJson } from './measurementsJson.ts';
import { reportHtml } from './reportHtml.ts';
import { allWarnings, RESEARCH_ONLY, type ReportInput } from './reportInput.ts';
import { reportPdf } from './reportPdf.ts';
import { pdfPageTexts } from './testing/pdfText.ts';
import { HOSTILE_INPUT, picturePng, REPORT_INPUT, said, WITHHELD } from './testing/reportFixture.ts';
import { withheldGroups } from './withheldGroups.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Rows of a CSV by RFC 4180. */
const csvRows = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) =>
        (match[1] ?? match[2] ?? '').replaceAll('""', '"'),
      ),
    );

it('shows the curves over the heart cycle where several phases were segmented', () => {
  const { measurements } = REPORT_INPUT;
  const phases = [0, 40].map((place) => ({
    phase: {
      place,
      unit: '%' as const,
      label: `${place} %`,
      percent: place,
      attribute: '',
      isByOrder: false,
    },
    seriesId: String(place),
    description: '',
    refusal: null,
    measurements: { ...measurements, volumeMl: 7 + place / 100 },
    warnings: [],
  }));
  const html = text(reportHtml({ ...REPORT_INPUT, phases }));
  expect(html).toContain('Over the heart cycle');
  expect(html.match(/<svg /g)?.length).toBeGreaterThan(1);
  expect(text(reportHtml({ ...REPORT_INPUT, phases: phases.slice(1) }))).not.toContain('heart cycle');
});

describe('a corrected scan', () => {
  it('is said in every document, and its own slices are kept as data', async () => {
    const correction = {
      slices: {
        columns: 4,
        rows: 3,
        spacingMm: [0.5, 0.5] as const,
        directions: LPS_AXES,
        positionsLpsMm: [
          [0, 0, 0],
          [0, 1, 2],
        ] as const,
      },
      tiltDegrees: 26.565,
      isResampled: true,
    };
    const input = { ...REPORT_INPUT, report: { ...report, source: { ...report.source, correction } } };
    const sentence =
      'gantry tilt of 26.6° corrected by shear, unevenly spaced slices resampled; masks are on the 2 slices';
    expect(text(reportHtml(input))).toContain(sentence);
    expect((await pdfPageTexts(await reportPdf(input))).join(' ')).toContain('26.6° corrected by shear');
    expect(JSON.parse(text(measurementsJson(input)))).toMatchObject({ source: { correction } });
  });
});

it('says in rows, JSON and warnings how far a reader moved the ostium into the atrium', () => {
  const moved = failure('meshing.ostium-in-atrium', { mm: 4.25, openShare: 0.31 });
  const input = { ...REPORT_INPUT, warnings: [...REPORT_INPUT.warnings, moved] };
  const rows = csvRows(text(measurementsCsv(input)));
  const row = (key: string) => rows.find(([first]) => first === key);
  expect(row('ostiumBeyondFoundMm')).toEqual(expect.arrayContaining(['4.25', 'mm']));
  expect(row('ostiumOnNoWallPercent')).toEqual(expect.arrayContaining(['31', '%']));
  const json = JSON.parse(text(measurementsJson(input)));
  expect(json).toMatchObject({ ostiumBeyondFound: { mm: 4.25, openShare: 0.31 } });
  expect(json.warnings).toContainEqual(expect.stringMatching(/4\.3 mm beyond .* 31 % of its outline/));
  expect(JSON.parse(text(measurementsJson(REPORT_INPUT)))).toMatchObject({ ostiumBeyondFound: null });
});

it('names both parts of an appendage that contrast does not fill, in every document', () => {
  const filling = {
    filledMl: 5.5,
    unfilledMl: 2.384,
    uncertaintyMl: 0.08,
    filledHu: null,
    unfilledHu: 62.4,
    fromDepthMm: 17.2,
    toDepthMm: 30.1,
  };
  const input = { ...REPORT_INPUT, report: { ...report, filling } };
  const rows = csvRows(text(measurementsCsv(input)));
  expect(rows.find(([key]) => key === 'filling.unfilledMl')?.slice(2, 4)).toEqual(['2.384', 'mL']);
  expect(rows.find(([key]) => key === 'filling.filledHu')?.[2]).toBe('');
  expect(JSON.parse(text(measurementsJson(input)))).toMatchObject({ filling });
  expect(text(reportHtml(input))).toContain('Unfilled part, volume');
  expect(text(reportHtml(REPORT_INPUT))).not.toContain('Unfilled part');
});

describe('CSV', () => {
  it('has every number once, with unit and definition, in ASCII, without patient data', () => {
    const csv = text(measurementsCsv(REPORT_INPUT));
    const rows = csvRows(csv);
    expect(rows.every((row) => row.length === 5)).toBe(true);
    const cellsOf = (key: string): string[] | undefined => rows.find((row) => row[0] === key)?.slice(2, 4);
    expect(cellsOf('maxDiameterMm')).toEqual(['22.611', 'mm']);
    expect(cellsOf('areaMm2')).toEqual(['375.677', 'mm^2']);
    expect(cellsOf('volumeMl')).toEqual(['7.884', 'mL']);
    expect(cellsOf('notice')).toEqual([RESEARCH_ONLY, '']);
    expect(new Set(rows.map((row) => row[0])).size).toBe(rows.length);
    expect(/^[\x20-\x7e\r\n]*$/.test(csv)).toBe(true);
    for (const secret of ['DOE', 'JANE', 'A-17', '1950']) expect(csv).not.toContain(secret);
  });

  it('leaves what is withheld empty, and lets no text become a formula', () => {
    const rows = csvRows(text(measurementsCsv(WITHHELD)));
    expect(rows.find((row) => row[0] === 'volumeMl')![2]).toBe('');
    const source = { ...report.source, seriesInstanceUid: '=HYPERLINK("x","y")' };
    const hostile = csvRows(text(measurementsCsv({ ...REPORT_INPUT, report: { ...report, source } })));
    expect(hostile.find((row) => row[0] === 'seriesInstanceUid')![2]).toBe('\'=HYPERLINK("x","y")');
  });
});

it('JSON names frame, unit, source, models, engine, edits, review and numbers, and no patient', () => {
  const json = text(
    measurementsJson(REPORT_INPUT, {
      kind: 'mesh',
      name: 'laa-wall.stl',
      sha256: 'ab'.repeat(32),
      product: 'open wall',
      description: 'The wall.',
      frame: 'RAS',
      unit: 'mm',
      vertices: 3,
      faces: 1,
    }),
  );
  expect(JSON.parse(json)).toMatchObject({
    format: 'auricle-mesh-description',
    file: { name: 'laa-wall.stl', product: 'open wall', frame: 'RAS', unit: 'mm' },
    source: { seriesInstanceUid: '2.25.123', frameOfReferenceUid: '2.25.456' },
    coordinates: 'LPS mm',
    models: report.models,
    engine: { id: 'onnx' },
    edits: ['Moved the ostium’s plane'],
    review: 'accepted',
    reviewedBy: { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' },
    measurements: REPORT_INPUT.measurements,
    madeAt: '2026-02-03T04:05:06.000Z',
  });
  for (const secret of ['DOE', 'JANE', 'A-17', '1950']) expect(json).not.toContain(secret);
  expect(JSON.parse(text(measurementsJson(WITHHELD)))).toMatchObject({
    format: 'auricle-measurements',
    measurements: { volumeMl: null },
    cArmViews: [],
    warnings: ['The appendage is cut.'],
  });
});

describe('with an imported model', () => {
  const [model] = report.models;
  const region = { ...model!, id: 'laa-region-64', kind: 'region' as const };
  const madeBy = (trainedOn: string): ReportInput => {
    const imported = { ...model!, id: 'shapenet64vox-70', kind: 'family' as const, trainedOn };
    return { ...REPORT_INPUT, report: { ...report, models: [region, imported] } };
  };
  const everywhere = async (input: ReportInput): Promise<readonly string[]> => [
    text(measurementsJson(input)),
    text(measurementsCsv(input)),
    text(reportHtml(input)),
    (await pdfPageTexts(await reportPdf(input))).join(''),
  ];

  it('says everywhere what it was trained on, and nowhere that only synthetic CT was', async () => {
    for (const document of await everywhere(madeBy('120 CTs of one hospital'))) {
      expect(document).toContain('120 CTs of one hospital');
      expect(document).not.toContain('no patient data was used');
    }
  });

  it('says everywhere that it is unknown where nobody said', async () => {
    for (const document of await everywhere(madeBy('unknown'))) {
      expect(document).toMatch(/was trained on is\s?unknown/);
      expect(document).not.toContain('no patient data was used');
    }
  });
});

describe('HTML', () => {
  it('shows patient, notice, numbers with units, pictures, models and edits', () => {
    const html = text(reportHtml(REPORT_INPUT));
    for (const expected of [
      RESEARCH_ONLY,
      'DOE JANE',
      'A-17',
      '1950-01-02',
      '22.6 mm',
      '376 mm²',
      '7.9 mL',
      'laa-nudf-128',
      'b2'.repeat(32),
      'onnx, CPU, 2 threads',
      'Auricle 1.2.3',
      'Moved the ostium’s plane',
      'Accepted by Dr Roe, 2026-01-02 03:04 UTC.',
    ]) {
      expect(html).toContain(expected);
    }
    const data = /src="data:image\/png;base64,([^"]+)"/.exec(html)![1]!;
    expect(new Uint8Array(Buffer.from(data, 'base64'))).toEqual(picturePng());
  });

  it('says which voxels the mask beside it lies on, where there is one', () => {
    expect(text(reportHtml(REPORT_INPUT))).not.toContain('>Mask<');
    expect(text(reportHtml({ ...REPORT_INPUT, maskExtent: 'whole scan' }))).toContain(
      'on the voxels of the whole scan',
    );
    const part: ReportInput = { ...REPORT_INPUT, maskExtent: 'part of the scan' };
    expect(text(reportHtml(part))).toContain('on the voxels of the part of the scan that was segmented');
    expect(JSON.parse(text(measurementsJson(part)))).toMatchObject({ mask: { extent: 'part of the scan' } });
  });

  it('asks nothing of the network and runs nothing, whatever is in the texts', () => {
    const html = text(reportHtml(HOSTILE_INPUT));
    expect(html).toContain("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"");
    expect(html).not.toContain('<script');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
    expect(/[\u0000-\u0008]/.test(html)).toBe(false);
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;');
    expect(html).toContain('山田 Łódź Владимир 😀');
    for (const url of html.matchAll(/\b(?:src|href)="([^"]*)"/g)) expect(url[1]).toMatch(/^data:image\/png/);
    // The heads of printed pages are strings of the style sheet; no text ends its string.
    const style = /<style>(.*)<\/style>/s.exec(html)![1]!;
    expect(style).not.toContain('<');
    const strings = [...style.matchAll(/content: (.*?);/g)].map((match) => match[1]);
    expect(strings).toHaveLength(3);
    for (const each of strings.slice(0, 2)) expect(each).toMatch(/^"(?:[A-Za-z0-9]|\\[0-9a-f]+ )*"$/);
    const outside = html.replaceAll(/&[a-z#0-9]+;/g, '').replace(/<style>.*<\/style>/s, '');
    const tags = new Set([...outside.matchAll(/<\/?([a-z0-9!]+)/gi)].map((match) => match[1]));
    expect([...tags].filter((tag) => ['script', 'iframe', 'link', 'object', 'form'].includes(tag!))).toEqual(
      [],
    );
  });

  it('says of every number of an unfit scan why it is withheld, in each format', () => {
    const reason = failure('measure.contrast-too-weak', { bloodHu: 104, limitHu: 125 });
    const unfit = { ...REPORT_INPUT, measurements: withholdAll(REPORT_INPUT.measurements, reason) };
    const why = 'the blood measures 104 HU, as in venous scans; below 125 HU the model is not proven';
    const rows = measurementRows(unfit).filter(({ unit }) => unit !== 'HU');
    expect(rows).toHaveLength(23);
    for (const { key, value, withheld } of rows) expect([key, value, withheld]).toEqual([key, null, why]);
    const csv = new TextDecoder().decode(measurementsCsv(unfit));
    expect(csv.match(/withheld: the blood measures 104 HU/g)).toHaveLength(23);
    expect(text(reportHtml(unfit)).match(/the blood measures 104 HU/g)).toHaveLength(24);
    expect(withheldGroups(unfit)).toEqual([
      {
        why,
        what: [
          'Ostium (7)',
          'Landing zone at 10 mm (6)',
          'Landing zone at 12 mm (6)',
          'Volume',
          'Depth',
          'Depth to first bend',
          'Wall area',
        ],
      },
    ]);
    const json = JSON.parse(new TextDecoder().decode(measurementsJson(unfit)));
    expect(json.measurements.withheld.volumeMl).toContain('104 HU');
    expect(withholdAll(REPORT_INPUT.measurements, null)).toBe(REPORT_INPUT.measurements);
  });

  it('says of a withheld number that it is withheld, and why', () => {
    const html = text(reportHtml(WITHHELD));
    expect(html.match(/withheld/g)).toHaveLength(23);
    const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]);
    expect(headings.slice(0, 4)).toEqual(['Warnings', 'Not given', 'Uncertainty', 'Measurements']);
    expect(html).toContain('The appendage is cut.');
    expect(html).toContain('Not reviewed.');
    expect(text(reportHtml(REPORT_INPUT))).toContain('Accepted by Dr Roe, 2026-01-02 03:04 UTC.');
    expect(html).not.toContain('C-arm');
  });

  it('says why a landing zone is missing', () => {
    const { measurements } = REPORT_INPUT;
    const [, far] = measurements.landingZones;
    const without = (reason: Failure): string => {
      const withheld = { landingZone10: reason };
      return text(
        reportHtml({ ...REPORT_INPUT, measurements: { ...measurements, landingZones: [far!], withheld } }),
      );
    };
    expect(
      without(failure('measure.section-through-ostium')).match(
        /perpendicular plane here intersects the ostium/g,
      ),
    ).toHaveLength(7);
    expect(
      without(failure('measure.too-shallow', { depthMm: 9, distanceMm: 10 })).match(/only 9\.0 mm deep/g),
    ).toHaveLength(7);
    expect(text(reportHtml(REPORT_INPUT))).not.toMatch(/mm deep|intersects/);
  });
});

it('C-arm views: an axis along the beam’s turning axis is square at 0°; none without an ostium', () => {
  const ostium = { ...report.ostium!, normal: [0, 0, 1] as [number, number, number] };
  const rows = cArmRows({ ...REPORT_INPUT.measurements, ostium });
  expect(rows.map(({ text: shown }) => shown)).toContain('RAO 30°, 0°');
  expect(rows.filter(({ isWorkingView }) => isWorkingView)).toHaveLength(1);
  expect(rows.every(({ betaDegrees }) => Math.abs(betaDegrees) < 1e-9)).toBe(true);
  expect(cArmRows(WITHHELD.measurements)).toEqual([]);
});

it('warnings that hold whatever a person changed stay as they are; only the earlier surface’s are marked', async () => {
  const input: ReportInput = {
    ...REPORT_INPUT,
    report: { ...report, warnings: ['Thick slices.', 'Weak contrast.', 'Odd plane.'].map(said) },
    warnings: [said('Odd plane.')],
    warningsBeforeEditing: ['Odd volume.', 'Odd plane.'].map(said),
    edits: ['Brush'],
  };
  const expected = ['Thick slices.', 'Weak contrast.', 'Odd plane.', 'Before editing: Odd volume.'];
  expect(allWarnings(input)).toEqual(expected);
  expect(JSON.parse(text(measurementsJson(input)))).toMatchObject({ warnings: expected });
  for (const shown of [text(reportHtml(input)), (await pdfPageTexts(await reportPdf(input))).join('\n')]) {
    for (const warning of expected) expect(shown).toContain(warning);
    expect(shown.match(/Before editing/g)).toHaveLength(1);
  }
});

describe('what a reader drew in the planes', () => {
  const input = { ...REPORT_INPUT, annotations: EXAMPLE_ANNOTATIONS };

  it('stands in CSV with a row for each number, in ASCII', () => {
    const rows = csvRows(text(measurementsCsv(input))).filter(([key]) => key?.startsWith('drawn'));
    expect(rows.map(([key, label, value, unit]) => [key, label, value, unit])).toEqual([
      ['drawn1.lengthMm', 'Ruler 1, length', '12.5', 'mm'],
      ['drawn2.angleDegrees', 'Angle of the ridge, angle', '90', 'deg'],
      ['drawn3.meanHu', 'Ellipse 1, mean', '312.4', 'HU'],
      ['drawn3.deviationHu', 'Ellipse 1, standard deviation', '23.6', 'HU'],
      ['drawn3.minimumHu', 'Ellipse 1, minimum', '201', 'HU'],
      ['drawn3.maximumHu', 'Ellipse 1, maximum', '405', 'HU'],
      ['drawn3.areaMm2', 'Ellipse 1, area', '75.398', 'mm^2'],
      ['drawn4.meanHu', 'Free region 1, mean', '54.5', 'HU'],
      ['drawn4.deviationHu', 'Free region 1, standard deviation', '11.25', 'HU'],
      ['drawn4.minimumHu', 'Free region 1, minimum', '-12.5', 'HU'],
      ['drawn4.maximumHu', 'Free region 1, maximum', '88.75', 'HU'],
      ['drawn4.areaMm2', 'Free region 1, area', '20', 'mm^2'],
      ['drawn5.text', 'Text', 'Thrombus?', ''],
    ]);
    expect(rows[2]?.[4]).toBe('Ellipse; Axial plane, S 30.0 mm; 314 voxels whose centres lie within');
    expect(rows[7]?.[4]).toContain('25 % outside of the scan, left out.');
  });

  it('stands in JSON with shape and plane, and in HTML; without it neither has a word of it', () => {
    const drawn: unknown = JSON.parse(text(measurementsJson(input))).drawn;
    expect(drawn).toMatchObject([
      { number: 1, name: 'Ruler 1', lengthMm: 12.5, shape: { kind: 'ruler' }, plane: { normal: [0, 0, 1] } },
      { angleDegrees: 90 },
      { meanHu: 312.4, sampling: 'voxels', outsideShare: 0, remark: null },
      { areaMm2: 20, sampling: 'trilinear', remark: '25 % outside of the scan, left out.' },
      { name: 'Thrombus?', shape: { kind: 'text' } },
    ]);
    const html = text(reportHtml(input));
    expect(html).toContain('Drawn in the planes');
    expect(html).toMatch(/Ellipse 1, mean<\/th><td class="drawn">312 HU</);
    expect(text(reportHtml(REPORT_INPUT))).not.toContain('Drawn in the planes');
  });

  it('says why an area has no attenuation', () => {
    const [, , ellipse] = EXAMPLE_ANNOTATIONS;
    const outside = { ...ellipse!, hu: null, withheld: failure('annotations.outside') };
    const html = text(reportHtml({ ...input, annotations: [outside] }));
    expect(html).toContain('<td class="drawn absent">withheld: outside of the scan</td>');
    const rows = csvRows(text(measurementsCsv({ ...input, annotations: [outside] })));
    expect(rows.find(([key]) => key === 'drawn3.meanHu')?.slice(2, 3)).toEqual(['']);
  });
});
