import { describe, expect, it } from 'vitest';
import type { DeviceTable, LumenProfile, ProfilePoint } from '../contract/planning.ts';
import { report } from '../contract/testing/values.ts';
import { failure } from '../failures/failure.ts';
import { inWords } from '../words/testing/inWords.ts';
import { fitDevice, planDevices, type SizedAppendage } from './deviceFit.ts';

const table = (parts: Partial<DeviceTable> = {}): DeviceTable => ({
  format: 'auricle-devices',
  formatVersion: 1,
  name: 'Example',
  use: 'research display only',
  source: { title: 'A chart', version: '1', isVerified: false },
  sizedBy: { section: 'landing zone', diameter: 'maximum' },
  landingZoneMm: 10,
  sizes: [
    { label: 'small', sizeMm: 24, rangeMm: [16.8, 21.6] },
    { label: 'large', sizeMm: 27, rangeMm: [18.9, 24.3] },
  ],
  ...parts,
});

const zone = (
  distanceMm: number,
  maxDiameterMm: number,
  parts: Partial<ProfilePoint> = {},
): ProfilePoint => ({
  distanceMm,
  pointLpsMm: [0, 0, distanceMm],
  centreLpsMm: [0, 0, distanceMm],
  normal: [0, 0, 1],
  areaMm2: 300,
  perimeterMm: 60,
  maxDiameterMm,
  minDiameterMm: 15,
  areaDerivedDiameterMm: 17,
  perimeterDerivedDiameterMm: 18,
  withheld: {},
  ...parts,
});

const profile = (points: readonly ProfilePoint[]): LumenProfile => ({
  centreLineLpsMm: [],
  computedLineLpsMm: null,
  points: [...points],
  withheld: null,
});

const sized = (
  maxDiameterMm: number,
  parts: Partial<SizedAppendage['measurements']> = {},
): SizedAppendage => ({
  measurements: { ostium: report.ostium, depthMm: 25, withheld: {}, ...parts },
  profile: profile([zone(10, maxDiameterMm), zone(12, 14)]),
});

const labels = (appendage: SizedAppendage, parts: Partial<DeviceTable> = {}): string[] =>
  fitDevice(table(parts), appendage).candidates.map(({ label }) => label);

describe('the sizes of a device that fit', () => {
  it('are all whose range holds the diameter, both ends included', () => {
    expect(labels(sized(16.79))).toEqual([]);
    expect(labels(sized(16.8))).toEqual(['small']);
    expect(labels(sized(18.89))).toEqual(['small']);
    expect(labels(sized(18.9))).toEqual(['small', 'large']);
    expect(labels(sized(21.6))).toEqual(['small', 'large']);
    // What sums leave in the last bit does not count.
    expect(labels(sized(3 * 7.2))).toEqual(['small', 'large']);
    expect(labels(sized(21.61))).toEqual(['large']);
    expect(labels(sized(24.3))).toEqual(['large']);
    expect(labels(sized(24.31))).toEqual([]);
  });

  it('come with their compression, of the diameter they are sized by and along both of the landing zone', () => {
    const [small] = fitDevice(table(), sized(18)).candidates;
    expect(small).toMatchObject({
      compressionPercent: 25,
      landingZoneCompressionPercent: { maximum: 25, minimum: 37.5 },
      depthNeededMm: null,
    });
  });

  it('are measured where the table says, or where the reader does', () => {
    const atTwelve = fitDevice(table({ landingZoneMm: 12 }), sized(20));
    expect(atTwelve).toMatchObject({ landingZoneMm: 12, measuredMm: 14, candidates: [] });
    expect(fitDevice(table({ landingZoneMm: 12 }), sized(20), 10)).toMatchObject({
      landingZoneMm: 10,
      measuredMm: 20,
    });
  });

  it('by the ostium say on their row where the reader’s landing zone compresses them as no table wants', () => {
    const sizedBy = { section: 'ostium', diameter: 'maximum' } as const;
    const ofOstium = (compressionPercent?: [number, number], maxDiameterMm = 5.5) => {
      const { measurements } = sized(20);
      const ostium = measurements.ostium && { ...measurements.ostium, maxDiameterMm: 20 };
      const size = { label: 'one', sizeMm: 24, rangeMm: [16.8, 21.6] as [number, number] };
      const sizes = [compressionPercent ? { ...size, compressionPercent } : size];
      const sizesAt = (mm: number | null) =>
        fitDevice(
          table({ sizedBy, sizes }),
          {
            measurements: { ...measurements, ostium },
            profile: profile([zone(10, 20), zone(30, maxDiameterMm)]),
          },
          mm,
        );
      return [sizesAt(null), sizesAt(10), sizesAt(30)].map(({ candidates }) =>
        inWords(candidates.map((each) => each.landingZoneDoubt ?? failure('measure.no-ostium'))),
      );
    };
    const none = [inWords(failure('measure.no-ostium'))];
    expect(ofOstium([10, 30])).toEqual([
      none,
      none,
      [
        'At your landing zone the compression of the maximum diameter is 77 %, outside of the table’s 10 to 30 %.',
      ],
    ]);
    expect(ofOstium()[2]).toEqual([expect.stringMatching(/is 77 %; the table gives no range/)]);
    expect(ofOstium(undefined, 17)[2]).toEqual(none);
    expect(ofOstium([10, 30], 25)[2]).toEqual([expect.stringMatching(/is −4 %, outside/)]);
  });

  it('are those of the section and the diameter that the table names', () => {
    const measuredMm = (section: 'ostium' | 'landing zone', diameter: DeviceTable['sizedBy']['diameter']) =>
      fitDevice(table({ sizedBy: { section, diameter } }), sized(20)).measuredMm;
    expect(measuredMm('ostium', 'maximum')).toBe(report.ostium?.maxDiameterMm);
    expect(measuredMm('ostium', 'perimeter-derived')).toBe(report.ostium?.perimeterDerivedDiameterMm);
    expect(measuredMm('landing zone', 'minimum')).toBe(15);
    expect(measuredMm('landing zone', 'area-derived')).toBe(17);
  });

  it('leave out those that the appendage is too shallow for, and those compressed too much or too little', () => {
    const sizes = [
      { label: 'deep', sizeMm: 24, rangeMm: [16, 22] as [number, number], depthNeededMm: 12 },
      { label: 'deeper', sizeMm: 25, rangeMm: [16, 22] as [number, number], depthNeededMm: 12.1 },
      {
        label: 'tight',
        sizeMm: 27,
        rangeMm: [16, 22] as [number, number],
        compressionPercent: [10, 25] as [number, number],
      },
      {
        label: 'just tight',
        sizeMm: 27,
        rangeMm: [16, 22] as [number, number],
        compressionPercent: [10, 26] as [number, number],
      },
    ];
    const fit = fitDevice(table({ sizes }), sized(19.98, { depthMm: 12 }));
    expect(fit.candidates.map(({ label }) => label)).toEqual(['deep', 'just tight']);
    expect(inWords(fit.excluded)).toEqual([
      { label: 'deeper', reason: 'The appendage is 12.0 mm deep, and the device needs 12.1 mm.' },
      { label: 'tight', reason: 'The compression would be 26 %, outside of 10 to 25 %.' },
    ]);
    const whyCut = failure('measure.appendage-cut');
    const cut = fitDevice(
      table({ sizes: sizes.slice(0, 1) }),
      sized(20, { depthMm: null, withheld: { depthMm: whyCut } }),
    );
    expect(cut).toMatchObject({ candidates: [], withheld: whyCut });
  });

  it('stand beside those that the diameter misses by a millimetre or less, with how much', () => {
    const missed = (mm: number) => inWords(fitDevice(table(), sized(mm)).excluded);
    expect(missed(17.9)).toEqual([
      {
        label: 'large',
        reason: 'Its range begins 1.0 mm above the measured 17.9 mm, which is not surer than 1 mm.',
      },
    ]);
    expect(missed(17.89)).toEqual([]);
    expect(missed(22)).toEqual([
      {
        label: 'small',
        reason: 'Its range ends 0.4 mm below the measured 22.0 mm, which is not surer than 1 mm.',
      },
    ]);
    // What fits misses nothing, and where nothing fits the reason speaks of the whole table.
    expect(missed(20)).toEqual([]);
    expect(fitDevice(table(), sized(24.5))).toMatchObject({
      excluded: [],
      withheld: { code: 'planning.no-size-fits' },
    });
  });

  it('are none, with the reason, where nothing fits or what they are sized by is withheld', () => {
    const why = (appendage: SizedAppendage, parts: Partial<DeviceTable> = {}): unknown => {
      const { candidates, withheld } = fitDevice(table(parts), appendage);
      expect(candidates).toEqual([]);
      return withheld;
    };
    expect(inWords(why(sized(30)))).toBe('No size fits 30.0 mm; the table’s sizes are for 16.8 to 24.3 mm.');
    expect(why(sized(20, { ostium: null }))).toEqual(failure('measure.no-ostium'));
    const whyCut = failure('measure.appendage-cut');
    expect(why({ ...sized(20), profile: { ...profile([]), withheld: whyCut } })).toEqual(whyCut);
    expect(why({ ...sized(20), profile: profile([zone(0, 20), zone(9.5, 20)]) })).toEqual(
      failure('measure.too-shallow', { depthMm: 9.5, distanceMm: 10 }),
    );
    const shallow = { ...sized(20, { depthMm: 9.7 }), profile: profile([zone(0, 20), zone(9.5, 20)]) };
    expect(why(shallow)).toEqual(failure('measure.too-shallow', { depthMm: 9.7, distanceMm: 10 }));
    const whyNone = failure('measure.section-through-ostium');
    const noZone = profile([zone(10, 20, { maxDiameterMm: null, withheld: { section: whyNone } })]);
    // A device that the ostium alone would size needs a landing zone too.
    for (const section of ['landing zone', 'ostium'] as const) {
      expect(why({ ...sized(20), profile: noZone }, { sizedBy: { section, diameter: 'maximum' } })).toEqual(
        whyNone,
      );
    }
    const ragged = failure('measure.outline-ragged', { excessPercent: 12 });
    const perimeter = profile([
      zone(10, 20, { perimeterDerivedDiameterMm: null, withheld: { perimeterDerivedDiameterMm: ragged } }),
    ]);
    expect(
      why(
        { ...sized(20), profile: perimeter },
        { sizedBy: { section: 'landing zone', diameter: 'perimeter-derived' } },
      ),
    ).toEqual(ragged);
  });

  it('are given for every table, in their order', () => {
    const plan = planDevices([table(), table({ name: 'Other', landingZoneMm: 12 })], sized(20));
    expect(plan.devices.map(({ name, landingZoneMm }) => [name, landingZoneMm])).toEqual([
      ['Example', 10],
      ['Other', 12],
    ]);
  });
});
