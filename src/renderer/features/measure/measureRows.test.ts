import { describe, expect, it } from 'vitest';
import { withholdAll } from '#shared/contract/withholdAll.ts';
import { failure } from '#shared/failures/failure.ts';
import { normalize } from '#shared/geometry/vec3.ts';
import { type MeasuredCase, measureGroups, workingViewInWords } from './measureRows.ts';

const zone = {
  distanceMm: 10,
  centreLpsMm: [0, 0, 10] as [number, number, number],
  normal: [0, 0, 1] as [number, number, number],
  areaMm2: 262.2,
  perimeterMm: 59.02,
  maxDiameterMm: 20.11,
  minDiameterMm: 16.4,
  areaDerivedDiameterMm: 18.27,
  perimeterDerivedDiameterMm: 18.79,
  eccentricity: 0.579,
};

const measured = (parts: Partial<MeasuredCase['appendage']['measurements']> = {}): MeasuredCase => ({
  appendage: {
    measurements: {
      ostium: {
        centreLpsMm: [0, 0, 0],
        normal: [0, 0, 1],
        areaMm2: 400.4,
        perimeterMm: 72.26,
        maxDiameterMm: 25.04,
        minDiameterMm: 20.06,
        areaDerivedDiameterMm: 22.58,
        perimeterDerivedDiameterMm: 23,
        eccentricity: 0.598,
      },
      landingZones: [zone],
      volumeMl: 8.46,
      depthMm: 27.1,
      depthToFirstBendMm: null,
      surfaceAreaMm2: 2000.6,
      withheld: {},
      ...parts,
    },
    warnings: [],
  },
  report: { contrast: { atriumHu: 301.4, appendageHu: null }, filling: null },
  isCut: false,
});

const find = (measuredCase: MeasuredCase, id: string) =>
  measureGroups(measuredCase)
    .flatMap(({ rows }) => rows)
    .find((row) => row.id === id)!;

describe('measureGroups', () => {
  it('rounds to what the measurement is good for', () => {
    expect(find(measured(), 'ostium-max')).toMatchObject({ value: '25.0', unit: 'mm', withheld: null });
    expect(find(measured(), 'ostium-area')).toMatchObject({ value: '400', unit: 'mm²' });
    expect(find(measured(), 'ostium-eccentricity')).toMatchObject({ value: '0.60', unit: '' });
    expect(find(measured(), 'volume')).toMatchObject({ value: '8.5', unit: 'mL' });
    expect(find(measured(), 'hu-atrium')).toMatchObject({ value: '301' });
  });

  it('shows the landing zone at each distance, or why there is none', () => {
    expect(find(measured(), 'landing-10-max')).toMatchObject({ value: '20.1', unit: 'mm' });
    expect(find(measured(), 'landing-10-by-perimeter')).toMatchObject({ value: '18.8', unit: 'mm' });
    expect(find(measured(), 'landing-10-area')).toMatchObject({
      value: zone.areaMm2.toFixed(0),
      unit: 'mm²',
    });
    expect(find(measured(), 'landing-10-perimeter')).toMatchObject({
      value: zone.perimeterMm.toFixed(1),
      unit: 'mm',
    });
    const withheld = {
      landingZone12: failure('measure.too-shallow', { depthMm: 11.6, distanceMm: 12 }),
      'landingZone10.perimeterDerivedDiameterMm': failure('measure.outline-ragged', { excessPercent: 12 }),
    };
    const ragged = measured({
      withheld,
      landingZones: [{ ...zone, perimeterMm: null, perimeterDerivedDiameterMm: null }],
    });
    expect(find(ragged, 'landing-12-max').withheld).toContain('only 11.6 mm deep');
    expect(find(ragged, 'landing-10-max')).toMatchObject({ value: '20.1', withheld: null });
    expect(find(ragged, 'landing-10-by-perimeter').withheld).toContain('12 % longer');
    expect(find(measured(), 'landing-12-max').withheld).toContain('Not measurable');
    const cut = { ...measured({ landingZones: [] }), isCut: true };
    expect(find(cut, 'landing-10-max').withheld).toContain('truncated by the scan');
    expect(find(measured({ ostium: null, landingZones: [] }), 'landing-10-max').withheld).toContain(
      'No ostium',
    );
  });

  it('shows both parts of an appendage that contrast does not fill, and neither without a volume', () => {
    const filling = {
      filledMl: 5.46,
      unfilledMl: 3,
      uncertaintyMl: 0.02,
      filledHu: 340.4,
      unfilledHu: 61,
      fromDepthMm: 17.2,
      toDepthMm: 27,
    };
    const report = { ...measured().report, filling };
    const dark = { ...measured(), report };
    expect(find(dark, 'filled-volume')).toMatchObject({ value: '5.5', unit: 'mL' });
    expect(find(dark, 'unfilled-volume')).toMatchObject({ value: '3.0 ± 0.1', unit: 'mL' });
    expect(find(dark, 'unfilled-depth')).toMatchObject({ value: '17 to 27', unit: 'mm' });
    expect(find({ ...measured({ volumeMl: null }), report }, 'unfilled-volume')).toBeUndefined();
    expect(find(measured(), 'unfilled-volume')).toBeUndefined();
  });

  it('marks the ostium of a truncated scan', () => {
    expect(measureGroups(measured())[0]?.title).toBe('Ostium');
    expect(measureGroups({ ...measured(), isCut: true })[0]?.title).toContain('truncated scan: verify');
  });

  it('says why a number is withheld', () => {
    const cut = { ...measured({ volumeMl: null, depthMm: null }), isCut: true };
    expect(find(cut, 'volume')).toMatchObject({
      value: null,
      withheld: expect.stringContaining('truncated by the scan'),
    });
    const without = measured({ ostium: null, volumeMl: null });
    expect(find(without, 'ostium-max').withheld).toContain('No ostium');
    expect(find(without, 'volume').withheld).toContain('No ostium');
    expect(find(measured(), 'depth-to-bend').withheld).toContain('Not measurable');
  });
});

describe('workingViewInWords', () => {
  it('looks at an axis along the patient from the usual working projection', () => {
    // Square to the body's long axis for every α at β = 0: the nearest to RAO 30 is RAO 30.
    expect(workingViewInWords([0, 0, 1])).toBe('RAO 30° / 0°');
  });

  it('is null where no reachable view is square to the axis', () => {
    // For an axis in the axial plane along the beam of RAO 90, every α within ±60 needs β = ±90.
    expect(workingViewInWords(normalize([0, 1, 0]))).toBeNull();
  });
});

it('gives the reason in place of every number of a scan that is not fit', () => {
  const one = measured();
  const reason = failure('measure.scan-ends-at-ostium');
  const measurements = withholdAll(one.appendage.measurements, reason);
  const rows = measureGroups({ ...one, appendage: { ...one.appendage, measurements } })
    .flatMap((group) => group.rows)
    .filter(({ unit }) => unit.startsWith('mm') || unit === 'mL');
  expect(rows.length).toBeGreaterThan(10);
  for (const { id, value, withheld } of rows) {
    expect([id, value, withheld]).toEqual([id, null, 'The scan ends at the ostium.']);
  }
});
