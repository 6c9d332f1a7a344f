import { describe, expect, it } from 'vitest';
import { handlesOf } from '#shared/anatomy/correctedLine.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import { failure } from '#shared/failures/failure.ts';
import { dot, type Vec3 } from '#shared/geometry/vec3.ts';
import { withOutlines } from '#shared/planning/outlinedNumbers.ts';
import { sectionAt } from '#shared/planning/profileSection.ts';
import { outlineOf } from '#shared/planning/readerOutline.ts';
import { measureDivided } from '../meshing/index.ts';
import { tubeMesh } from '../meshing/shapes.ts';
import { lumenProfile, measureAlongLine } from './lumenProfile.ts';
import { profileCsv } from './profileCsv.ts';

/** A straight tube, 20 mm wide at the ostium and 8 mm at its end, 24 mm long. */
const line = Array.from({ length: 25 }, (_, z): Vec3 => [0, 0, z]);
const closed = tubeMesh(
  line,
  line.map((): Vec3 => [0, 0, 1]),
  (at) => 10 - 6 * at,
);
const rimLpsMm = Array.from({ length: 96 }, (_, step): Vec3 => {
  const angle = (2 * Math.PI * step) / 96;
  return [10 * Math.cos(angle), 10 * Math.sin(angle), 0];
});
const plane = { pointLpsMm: [0, 0, 0] as const, normal: [0, 0, 1] as const };
const measured = (isCut: boolean) =>
  measureDivided(
    { closed, ostium: { wall: closed, rimLpsMm, plane }, droppedPieces: 0, warnings: [] },
    isCut,
  );

describe('the sizes along the centre line', () => {
  const appendage = measured(false);
  const profile = lumenProfile(appendage);

  it('are those of the lumen at each distance', () => {
    expect(profile.withheld).toBeNull();
    expect(profile.points.length).toBe(Math.ceil(appendage.measurements.depthMm! / 0.5));
    for (const distanceMm of [5, 10, 12.5]) {
      const section = sectionAt(profile, distanceMm)!;
      const trueMm = 2 * (10 - (6 * distanceMm) / 24);
      expect(section.maxDiameterMm).toBeCloseTo(trueMm, 0);
      expect(section.areaDerivedDiameterMm).toBeCloseTo(trueMm, 0);
      expect(dot(section.normal, [0, 0, 1])).toBeGreaterThan(0.995);
    }
    expect(sectionAt(profile, 40)).toBeUndefined();
  });

  it('are the landing zones’ at theirs', () => {
    const zones = appendage.measurements.landingZones;
    expect(zones).toHaveLength(2);
    for (const { distanceMm, maxDiameterMm, perimeterDerivedDiameterMm, areaMm2 } of zones) {
      expect(sectionAt(profile, distanceMm)).toMatchObject({
        maxDiameterMm,
        perimeterDerivedDiameterMm,
        areaMm2,
      });
    }
  });

  it('are withheld with the reason where the depth is, and where there is no ostium', () => {
    const cut = lumenProfile(measured(true));
    expect(cut).toEqual({
      centreLineLpsMm: [],
      computedLineLpsMm: null,
      points: [],
      withheld: failure('measure.appendage-cut'),
    });
    expect(lumenProfile({ ...appendage, ostiumPlane: null }).withheld).toEqual(failure('measure.no-ostium'));
  });

  it('are given once a reader shows that the ostium is not too narrow for them', () => {
    const narrow = measureDivided(
      {
        closed,
        ostium: { wall: closed, rimLpsMm: rimLpsMm.map(([x, y, z]) => [x / 2, y / 2, z]), plane },
        droppedPieces: 0,
        warnings: [],
      },
      false,
    );
    const surface = { ...narrow, profile: lumenProfile(narrow) };
    expect(narrow.measurements.landingZones.map(({ distanceMm }) => distanceMm)).not.toContain(10);
    expect(sectionAt(surface.profile, 10)?.withheld.section?.code).toBe('measure.section-wider-than-ostium');
    const drawn = withOutlines(surface, [outlineOf('ostium', plane, rimLpsMm)]);
    const whole = (at: number) => appendage.measurements.landingZones.find((zone) => zone.distanceMm === at);
    expect(drawn.measurements.landingZones.find((zone) => zone.distanceMm === 10)).toMatchObject({
      areaMm2: expect.closeTo(whole(10)!.areaMm2, 1),
      eccentricity: expect.closeTo(whole(10)!.eccentricity, 1),
    });
    expect(sectionAt(drawn.profile, 10)?.withheld).toEqual({});
  });

  it('are written as CSV, a withheld size as an empty cell with its reason', () => {
    const [, ...rows] = profileCsv(profile).trimEnd().split('\r\n');
    expect(rows).toHaveLength(profile.points.length);
    const [first] = rows;
    expect(first).toMatch(/^0,,,,,,,.*".*intersects the ostium\."$/);
    expect(rows[20]).toMatch(/^10,15\.\d+,/);
  });

  it('change in no number where the reader’s points lie on the computed line', () => {
    const { profile: whole, corrected } = measureAlongLine(appendage, {
      ...NO_MARKS,
      centreLine: handlesOf(profile.centreLineLpsMm),
    });
    expect(whole).toEqual(profile);
    expect(corrected).toBeNull();
  });

  it('follow a corrected line, with depth and landing zones, and say so', () => {
    const handles = handlesOf(profile.centreLineLpsMm);
    const centreLine = handles.map((point, at): Vec3 => (at === 2 ? [3, 0, point[2]] : point));
    const { profile: along, corrected } = measureAlongLine(appendage, { ...NO_MARKS, centreLine });
    expect(along.computedLineLpsMm).toEqual(profile.centreLineLpsMm);
    expect(corrected!.measurements.depthMm).toBeGreaterThan(appendage.measurements.depthMm! + 0.3);
    expect(along.points.length).toBe(Math.ceil(corrected!.measurements.depthMm! / 0.5));
    const tilted = sectionAt(along, 10)!;
    expect(dot(tilted.normal, [0, 0, 1])).toBeLessThan(0.98);
    expect(corrected!.measurements.landingZones[0]?.maxDiameterMm).toBe(tilted.maxDiameterMm);
    expect(corrected!.measurements.ostium).toEqual(appendage.measurements.ostium);
    expect(corrected!.warnings[0]).toEqual(failure('planning.line-corrected'));
  });

  it('are withheld with depth and landing zones where the corrected line leaves the lumen', () => {
    const { profile: along, corrected } = measureAlongLine(appendage, {
      ...NO_MARKS,
      centreLine: [
        [15, 0, 10],
        [0, 0, 20],
      ],
    });
    expect(along.withheld?.code).toBe('planning.line-leaves-lumen');
    expect(along.points).toEqual([]);
    expect(corrected!.measurements).toMatchObject({ depthMm: null, landingZones: [] });
    expect(corrected!.measurements.withheld.landingZone10).toEqual(along.withheld);
    expect(corrected!.measurements.volumeMl).toBe(appendage.measurements.volumeMl);
  });
});
