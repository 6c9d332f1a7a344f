import { describe, expect, it } from 'vitest';
import type { ReaderOutline } from '../contract/readerMarks.ts';
import { planInWords } from '../contract/report.ts';
import { lumenProfile, measured } from '../contract/testing/values.ts';
import { addScaled, cross, perpendicular, type Vec3 } from '../geometry/vec3.ts';
import { withOutlines } from './outlinedNumbers.ts';
import { sectionAt } from './profileSection.ts';
import { outlineOf } from './readerOutline.ts';

interface Place {
  readonly pointLpsMm: Vec3;
  readonly normal: Vec3;
}

/** A circle round a place, in its plane. */
function circle(at: ReaderOutline['at'], place: Place, radiusMm: number): ReaderOutline {
  const { pointLpsMm, normal } = place;
  const u = perpendicular(normal);
  const v = cross(normal, u);
  const rim = Array.from({ length: 120 }, (_, step): Vec3 => {
    const angle = (2 * Math.PI * step) / 120;
    return addScaled(addScaled(pointLpsMm, u, radiusMm * Math.cos(angle)), v, radiusMm * Math.sin(angle));
  });
  return outlineOf(at, { pointLpsMm, normal }, rim);
}

const plane = measured.ostiumPlane!;
const numbers = { ...measured, profile: lumenProfile };
const codes = ({ warnings }: Pick<typeof measured, 'warnings'>): string[] => warnings.map(({ code }) => code);

describe('numbers by a reader’s outlines', () => {
  it('are those of the outline for its own section, and as they were for all others', () => {
    expect(withOutlines(numbers, [])).toBe(numbers);
    const by = withOutlines(numbers, [circle(15, sectionAt(lumenProfile, 15)!, 8)]);
    const drawn = sectionAt(by.profile, 15)!;
    expect(drawn.isCorrected).toBe(true);
    expect(drawn.maxDiameterMm).toBeCloseTo(16, 1);
    expect(drawn.areaDerivedDiameterMm).toBeCloseTo(16, 1);
    expect(drawn.perimeterDerivedDiameterMm).toBeCloseTo(16, 1);
    expect(by.profile.points.filter((point) => point.distanceMm !== 15)).toEqual(
      lumenProfile.points.filter((point) => point.distanceMm !== 15),
    );
    expect(by.measurements).toEqual(measured.measurements);
    expect(codes(by)[0]).toBe('planning.section-outline-corrected');
    expect(by.profile.correctedOutlines).toMatchObject([{ at: 15, isUsed: true }]);
  });

  it('give the usual landing zone, and the ostium that devices are sized by', () => {
    const zone = circle(10, sectionAt(lumenProfile, 10)!, 9);
    const ostium = circle('ostium', plane, 11);
    const by = withOutlines(numbers, [zone, ostium]);
    const landing = by.measurements.landingZones.find(({ distanceMm }) => distanceMm === 10);
    expect(landing).toMatchObject({ distanceMm: 10, eccentricity: expect.closeTo(0, 1) });
    expect(landing?.maxDiameterMm).toBeCloseTo(18, 1);
    expect(by.measurements.ostium?.maxDiameterMm).toBeCloseTo(22, 1);
    expect(by.measurements.ostium?.normal).toEqual(measured.measurements.ostium?.normal);
    expect(by.measurements).toMatchObject({
      volumeMl: measured.measurements.volumeMl,
      depthMm: measured.measurements.depthMm,
    });
    expect(codes(by).slice(0, 2)).toEqual([
      'planning.section-outline-corrected',
      'planning.ostium-outline-corrected',
    ]);
  });

  it('withhold a section that is wider than the ostium as it is drawn', () => {
    const by = withOutlines(numbers, [circle('ostium', plane, 5)]);
    const codeAt = (mm: number): unknown => sectionAt(by.profile, mm)?.withheld.section?.code;
    expect(codeAt(10)).toBe('measure.section-wider-than-ostium');
    expect(by.measurements.landingZones).toEqual([]);
    const wide = withOutlines(numbers, [circle(10, sectionAt(lumenProfile, 10)!, 40)]);
    expect(wide.measurements.withheld.landingZone10?.code).toBe('measure.section-wider-than-ostium');
    expect(codes(wide)).toContain('measure.landing-zone-doubtful');
  });

  it('judge sections anew that the surface’s own ostium was too narrow for, and keep no size of what stays withheld', () => {
    // As the engine measures it: every section of 6 mm and beyond is wider than this ostium allows.
    const narrow = withOutlines(numbers, [circle('ostium', plane, 7)]);
    const { ostium } = measured.measurements;
    const surface = {
      ...numbers,
      profile: { ...narrow.profile, correctedOutlines: undefined },
      measurements: {
        ...narrow.measurements,
        ostium: { ...ostium!, areaMm2: Math.PI * 7 ** 2 },
      },
      warnings: narrow.warnings.filter(({ code }) => code === 'measure.landing-zone-doubtful'),
    };
    expect(surface.measurements.landingZones).toEqual([]);
    expect(codes(surface)).toContain('measure.landing-zone-doubtful');
    const enlarged = withOutlines(surface, [circle('ostium', plane, 11)]);
    expect(enlarged.profile.points).toEqual(lumenProfile.points);
    expect(enlarged.measurements.landingZones.map(({ distanceMm }) => distanceMm)).toEqual([10, 12]);
    expect(enlarged.measurements.landingZones[0]).toMatchObject({
      areaMm2: sectionAt(lumenProfile, 10)!.areaMm2,
      perimeterMm: sectionAt(lumenProfile, 10)!.perimeterMm,
    });
    expect(enlarged.measurements.withheld).not.toHaveProperty('landingZone10');
    expect(codes(enlarged)).not.toContain('measure.landing-zone-doubtful');
    // A little larger is not enough, and the reason names the ostium as it is drawn.
    const still = withOutlines(surface, [circle('ostium', plane, 7.2)]);
    expect(still.measurements.landingZones).toEqual([]);
    expect(still.measurements.withheld.landingZone10?.fields).toMatchObject({
      ostiumMm: expect.closeTo(14.4, 0),
    });
    const written = planInWords({
      profile: still.profile,
      landingZoneMm: null,
      devices: [],
      virtualDevice: null,
      ostiumDistances: [],
    });
    expect(JSON.stringify(written)).not.toContain('widerThanOstium');
    expect(written.profile.points[20]).toMatchObject({ areaMm2: null });
  });

  it('set an outline aside, and say so, where its section has moved away', () => {
    const { pointLpsMm, normal } = sectionAt(lumenProfile, 10)!;
    const moved = { pointLpsMm: addScaled(pointLpsMm, normal, 1), normal };
    const by = withOutlines(numbers, [circle(10, moved, 9), circle(900, moved, 9)]);
    expect(by.profile.points).toEqual(lumenProfile.points);
    expect(by.measurements).toEqual(measured.measurements);
    expect(codes(by).slice(0, 2)).toEqual([
      'planning.section-outline-aside',
      'planning.section-outline-aside',
    ]);
    expect(by.profile.correctedOutlines?.map(({ isUsed }) => isUsed)).toEqual([false, false]);
  });
});
