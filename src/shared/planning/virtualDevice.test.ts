import { describe, expect, it } from 'vitest';
import { type DeviceTable, deviceTableSchema } from '../contract/planning.ts';
import type { Surroundings } from '../contract/surroundings.ts';
import { deviceTable } from '../contract/testing/values.ts';
import type { DevicePose } from '../contract/virtualDevice.ts';
import { UserError } from '../errors.ts';
import { failure } from '../failures/failure.ts';
import { distance, type Vec3 } from '../geometry/vec3.ts';
import { inWords } from '../words/testing/inWords.ts';
import { deviceBody } from './deviceBody.ts';
import { fitDevice } from './deviceFit.ts';
import { deviceRows, deviceValueInWords } from './deviceInWords.ts';
import { cup, lobeAndDisc, pose, site, straight, table, tube } from './testing/devices.ts';
import { type DeviceSite, measureDevice, placeDevice, whyNotFitting } from './virtualDevice.ts';

const measured = (of: DeviceTable, at: DevicePose, where = site()) =>
  measureDevice(placeDevice([of], at, where), at, where);

const RADIANS = Math.PI / 180;

describe('a device in a tube', () => {
  it('straight: compression, overlap, depth and protrusion are those of two cylinders', () => {
    const device = measured(table(cup), pose());
    expect(device).toMatchObject({
      sizeMm: 24,
      fits: true,
      centreLpsMm: [0, 0, 12],
      axis: [0, 0, 1],
      lumenDiametersMm: { maximum: 20, minimum: 20 },
      // (24 − 20) / 24
      compressionPercent: { maximum: 16.7, minimum: 16.7 },
      overlapMm: 2,
      gapMm: 0,
      contactPercent: 100,
      // Face at 12 − 4 mm, end at 12 + 10 mm.
      protrusionMm: -8,
      lobeProtrusionMm: null,
      depthUsedMm: 22,
      depthThereIsMm: 40,
      withheld: {},
      warnings: [],
    });
    // Nearer to the ostium, the face of 12 mm lies before it.
    expect(measured(table(cup), pose({ depthMm: 3 })).protrusionMm).toBe(1);
  });

  it('leaning: the section is an ellipse, and a rim comes nearer to the ostium', () => {
    const device = measured(table(cup), pose({ depthMm: 20, tiltDegrees: [30, 0] }));
    const cosine = Math.cos(30 * RADIANS);
    expect(device.lumenDiametersMm.maximum).toBeCloseTo(20 / cosine, 0);
    expect(device.lumenDiametersMm.minimum).toBeCloseTo(20, 1);
    expect(device.compressionPercent.maximum).toBeCloseTo((100 * (24 - 20 / cosine)) / 24, 0);
    expect(device.compressionPercent.minimum).toBeCloseTo(16.7, 0);
    // Towards θ about the axis the wall of the tube is t away where |(along sin 30° + t cos θ cos 30°, t sin θ)| = 10.
    const wallMm = (along: number, angle: number): number => {
      const across = (Math.cos(angle) * cosine) ** 2 + Math.sin(angle) ** 2;
      const slope = along * 0.5 * Math.cos(angle) * cosine;
      return (-slope + Math.sqrt(slope ** 2 - across * ((along * 0.5) ** 2 - 100))) / across;
    };
    const { outline } = deviceBody(cup, 24);
    const angles = Array.from({ length: 180 }, (_, at) => 2 * at * RADIANS);
    const beyond = outline.flatMap(([along, radius]) => angles.map((angle) => radius - wallMm(along, angle)));
    expect(device.overlapMm).toBeCloseTo(Math.max(...beyond), 0.9);
    expect(device.gapMm).toBe(0);
    // Of all circles about the axis the one that reaches farthest: r sin 30° − along cos 30° − 20.
    const reach = Math.max(...outline.map(([along, radius]) => radius * 0.5 - along * cosine - 20));
    expect(device.protrusionMm).toBeCloseTo(reach, 1);
    expect(device.depthUsedMm).toBeCloseTo(20 / cosine + 10, 1);
    // 10 mm across the tube are 20 mm along the axis, beyond what lies before the centre.
    expect(device.depthThereIsMm).toBeCloseTo(20 / cosine + 20, 0);
  });

  it('in an ellipse: wider one way, narrower the other', () => {
    const where = site({ closed: tube(14, 9, 40) });
    const device = measured(table(cup), pose(), where);
    expect(device.lumenDiametersMm).toEqual({ maximum: 28, minimum: 18 });
    expect(device.compressionPercent).toEqual({ maximum: -16.7, minimum: 25 });
    expect(device.gapMm).toBeCloseTo(2, 1);
    expect(device.overlapMm).toBeCloseTo(3, 1);
    // The circle of 12 mm lies beyond the ellipse where cos²/14² + sin²/9² > 1/12²: from 26.9° to its mirror images.
    const angle = Math.asin(Math.sqrt((1 / 144 - 1 / 196) / (1 / 81 - 1 / 196))) / RADIANS;
    expect(device.contactPercent).toBeCloseTo(100 * (1 - angle / 90), -0.5);
    expect(inWords(device.warnings)).toEqual([
      'In place the compression of the maximum diameter is −17 %, outside of the table’s 10 to 30 %.',
      'In place the lumen is 17 % wider than the device along its maximum diameter.',
    ]);
  });

  it('with a disc: lobe and disc protrude by their own', () => {
    const device = measured(table(lobeAndDisc), pose());
    // Lobe from 8 mm on; disc from 1 to 3 mm.
    expect(device).toMatchObject({ lobeProtrusionMm: -8, protrusionMm: -1, depthUsedMm: 16 });
  });

  it('knows its distance to places that are known, and says null for others', () => {
    const places = { ...site().places, circumflex: [0, 22, 12] as Vec3, ridge: [0, -12, 0] as Vec3 };
    const { distancesMm } = measured(table(cup), pose(), site({ places }));
    expect(distancesMm).toMatchObject({ circumflex: 10, upperLeftVein: null, mitralAnnulus: null });
    const rim: Vec3 = [0, -6, 8];
    expect(distancesMm.ridge).toBeLessThanOrEqual(distance(rim, [0, -12, 0]));
    expect(distancesMm.ridge).toBeGreaterThan(8);
  });

  it('has its distances from a network’s places with what they may be off by; a reader’s circumflex comes first', () => {
    const surroundings: Surroundings = {
      seenLpsMm: { low: [-60, -60, -60], high: [60, 60, 60] },
      lookedFor: ['circumflex', 'leftSuperiorVein', 'mitralAnnulus'],
      structures: [
        { name: 'circumflex', pointsLpsMm: [[0, 40, 12]], doubtfulLpsMm: [], uncertaintyMm: 1.5 },
        {
          name: 'leftSuperiorVein',
          pointsLpsMm: [
            [0, -22, 12],
            [0, -40, 12],
          ],
          doubtfulLpsMm: [],
          uncertaintyMm: 2,
        },
      ],
    };
    const { distancesMm, distanceUncertaintiesMm, withheld } = measured(
      table(cup),
      pose(),
      site({ places: { ...site().places, surroundings } }),
    );
    expect(distancesMm).toMatchObject({ circumflex: 28, upperLeftVein: 10, mitralAnnulus: null });
    expect(distanceUncertaintiesMm).toEqual({ circumflex: 1.5, upperLeftVein: 2 });
    expect(withheld.mitralAnnulus?.code).toBe('planning.structure-not-found');
    const readers = { circumflex: [0, 22, 12] as Vec3, ridge: null, surroundings, byModel: null };
    const set = measured(table(cup), pose(), site({ places: readers }));
    expect(set.distancesMm.circumflex).toBe(10);
    expect(set.distanceUncertaintiesMm).toEqual({ upperLeftVein: 2 });
    const rows = new Map(deviceRows(set).map((row) => [row.key, deviceValueInWords(row)]));
    expect(rows.get('circumflexMm')).toBe('10.0 mm');
    expect(rows.get('upperLeftVeinMm')).toBe('10.0 ± 2.0 mm');
    expect(rows.get('mitralAnnulusMm')).toBe('the mitral annulus was not found in the scan');
    // Of the septum nothing is said where the network does not know it.
    expect(rows.has('interatrialSeptumMm')).toBe(false);
    const known: Surroundings = {
      ...surroundings,
      lookedFor: ['interatrialSeptum'],
      structures: [
        { name: 'interatrialSeptum', pointsLpsMm: [[0, -42, 12]], doubtfulLpsMm: [], uncertaintyMm: 2.5 },
      ],
    };
    const across = measured(table(cup), pose(), site({ places: { ...readers, surroundings: known } }));
    expect(across.distancesMm.interatrialSeptum).toBe(30);
    expect(deviceRows(across).map(deviceValueInWords)).toContain('30.0 ± 2.5 mm');
  });

  it('takes a model’s own landmark last, and says that it is one', () => {
    const byModel = { circumflex: [0, 12, 12] as Vec3, ridge: [0, -22, 12] as Vec3 };
    const found: Surroundings = {
      seenLpsMm: { low: [-60, -60, -60], high: [60, 60, 60] },
      lookedFor: ['circumflex'],
      structures: [{ name: 'circumflex', pointsLpsMm: [[0, 40, 12]], doubtfulLpsMm: [], uncertaintyMm: 1.5 }],
    };
    const at = (places: Partial<DeviceSite['places']>) =>
      measured(table(cup), pose(), site({ places: { ...site().places, byModel, ...places } }));
    const said = (device: ReturnType<typeof at>, key: string): string => {
      const row = deviceRows(device).find((one) => one.key === key)!;
      return `${row.label}: ${deviceValueInWords(row)}`;
    };
    expect(said(at({}), 'circumflexMm')).toBe(
      'Distance to the circumflex artery, one point, by the model: 0.0 mm',
    );
    expect(said(at({}), 'ridgeMm')).toBe('Distance to the ridge, one point, by the model: 10.0 mm');
    expect(said(at({ surroundings: found }), 'circumflexMm')).toBe(
      'Distance to the circumflex artery: 28.0 ± 1.5 mm',
    );
    // Where the surroundings give no number, a point in the rim does not stand in for it.
    expect(said(at({ surroundings: { ...found, structures: [] } }), 'circumflexMm')).toBe(
      'Distance to the circumflex artery: the circumflex artery was not found in the scan',
    );
    const readers = { circumflex: [0, 22, 12] as Vec3, ridge: [0, -24, 12] as Vec3 };
    expect(at(readers)).toMatchObject({ distancesMm: { circumflex: 10, ridge: 12 }, distancesByModel: [] });
  });

  it('says what is wrong: outside of the scan, too long, without a section, a size that does not fit', () => {
    const grid = {
      sizeIjk: [40, 40, 40] as const,
      originLpsMm: [-19.5, -19.5, 0.5] as const,
      spacingMm: [1, 1, 1] as const,
      directions: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ] as const,
    };
    const warned = (at: Partial<DevicePose>, where: Partial<DeviceSite> = {}, of = table(cup)) =>
      measured(of, pose(at), site(where)).warnings.map(({ code }) => code);
    expect(warned({}, { scanGrid: grid })).toEqual([]);
    expect(warned({ depthMm: 3 }, { scanGrid: grid })).toEqual(['planning.device-outside-scan']);
    expect(warned({ depthMm: 35 })).toEqual(['planning.device-longer-than-lumen']);
    expect(warned({ depthMm: 2, tiltDegrees: [40, 0] })).toEqual(['planning.device-section-missing']);
    expect(
      warned({ size: '27 mm' }, {}, table(cup, { sizedBy: { section: 'ostium', diameter: 'area-derived' } })),
    ).toEqual([]);
    const narrow = table(cup, { sizes: [{ label: '24 mm', sizeMm: 24, rangeMm: [10, 12] }] });
    expect(warned({}, {}, narrow)).toEqual(['planning.device-does-not-fit']);
    expect(measured(narrow, pose()).fits).toBe(false);
  });

  it('outside of the lumen for the most part: says so, and withholds its place against wall and ostium', () => {
    const device = measured(table(cup), pose({ depthMm: 40 }));
    const said = expect.stringMatching(
      /^Most of the device \([67]\d %\) lies outside of the segmented lumen\.$/,
    );
    expect(inWords(device.warnings)).toEqual(expect.arrayContaining([said]));
    expect(device).toMatchObject({ protrusionMm: null, gapMm: null, contactPercent: null });
    const rows = deviceRows(device).filter(({ key }) =>
      ['protrusionMm', 'gapMm', 'contactPercent'].includes(key),
    );
    for (const { withheld } of rows) expect(withheld).toMatch(/^most of the device .* outside/);
    // What reaches into the atrium through the ostium is not outside of it, nor what the wall compresses.
    const disc = measured(table(lobeAndDisc), pose({ depthMm: 0 }), site({ closed: tube(7, 7, 40) }));
    expect(disc.protrusionMm).toBeGreaterThan(5);
  });

  it('is refused without table, size, shape or centre line', () => {
    const why = (tables: readonly DeviceTable[], at: Partial<DevicePose>, where = site()): unknown => {
      try {
        placeDevice(tables, pose(at), where);
      } catch (thrown) {
        if (thrown instanceof UserError) return inWords(thrown.failure);
      }
      return undefined;
    };
    const { shape: _shape, ...shapeless } = table(cup);
    expect(why([table(cup)], { table: 'Ring' })).toBe('There is no device table Ring; there are Plug.');
    expect(why([table(cup)], { size: '99 mm' })).toBe('Plug has no size 99 mm; it has 24 mm, 27 mm.');
    expect(why([shapeless], {})).toContain('gives no shape');
    expect(why([table(cup)], { depthMm: 41 })).toContain('the centre line is 40.0 mm long');
    const cut = { ...straight(40), withheld: failure('measure.appendage-cut') };
    const { measurements } = site().appendage;
    expect(why([table(cup)], {}, site({ appendage: { measurements, profile: cut } }))).toBe(
      'The appendage is truncated by the scan.',
    );
  });

  it('does not fit for the reason that its table gives', () => {
    const { appendage } = site();
    const fit = fitDevice(table(cup), {
      ...appendage,
      measurements: { ...appendage.measurements, depthMm: 8 },
    });
    const [small, large] = deviceTable.sizes;
    expect(inWords(whyNotFitting(fit, small!))).toBe(
      'The appendage is 8.0 mm deep, and the device needs 12.0 mm.',
    );
    expect(whyNotFitting(fit, large!)).toBeUndefined();
  });
});

describe('the shape in a table', () => {
  const why = (shape: unknown): string | undefined =>
    deviceTableSchema.safeParse({ ...deviceTable, shape }).error?.issues[0]?.message;

  it('is checked for every size', () => {
    expect(why(cup)).toBeUndefined();
    expect(why(lobeAndDisc)).toBeUndefined();
    expect(why({ ...cup, length: [{ plusMm: 9, upToSizeMm: 24 }] })).toBe('length gives no length for 27 mm');
    expect(why({ ...cup, shoulder: [{ plusMm: 20 }] })).toContain('beyond its length');
    expect(why({ ...cup, faceDiameter: [{ timesSize: 1.1 }] })).toContain('not the widest');
    expect(why({ ...lobeAndDisc, waistDiameter: [{ timesSize: 2 }] })).toContain('wider than its ends');
    expect(why({ ...cup, colour: 'red' })).toContain('colour');
    expect(why({ ...cup, source: '' })).toBeDefined();
  });
});
