import { describe, expect, it } from 'vitest';
import { type CentreLine, centreLine } from '#shared/anatomy/centreLine.ts';
import { landingZones } from '#shared/anatomy/landingZone.ts';
import { measureSection } from '#shared/anatomy/sectionOutline.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { meshQuality } from '../mesh/quality.ts';
import { measurementsOf } from './measured.ts';
import { type MeasuredShape, plausibilityWarnings } from './plausibility.ts';
import { bentTubeMesh, tubeMesh } from './shapes.ts';

const plane = { pointLpsMm: [0, 0, 0] as Vec3, normal: [0, 0, 1] as Vec3 };

/** A rim of 180 points at the distance that is asked for. */
const rim = (radiusMm: (angle: number) => number): Vec3[] =>
  Array.from({ length: 180 }, (_, step): Vec3 => {
    const angle = (2 * Math.PI * step) / 180;
    return [radiusMm(angle) * Math.cos(angle), radiusMm(angle) * Math.sin(angle), 0];
  });
const circle = rim(() => 10);
const sawTooth = rim((angle) => 10 + 0.4 * Math.sin(60 * angle));

/** A straight tube whose radius is 8 mm at its start and `endMm` at its end. */
function cone(endMm: number, lengthMm = 30) {
  const line = Array.from({ length: lengthMm + 1 }, (_, z): Vec3 => [0, 0, z]);
  return tubeMesh(
    line,
    line.map((): Vec3 => [0, 0, 1]),
    (at) => 8 + (endMm - 8) * at,
  );
}

function shapeOf(closed: ReturnType<typeof cone>, rimLpsMm: readonly Vec3[]): MeasuredShape {
  const line: CentreLine | undefined = centreLine(closed, [0, 0, 0], plane);
  const { measures, rawPerimeterMm, longestSpurMm } = measureSection(rimLpsMm, plane);
  const zones = landingZones(closed, line, plane);
  const ostium = {
    planeNormal: plane.normal,
    measures,
    rawPerimeterMm,
    longestSpurMm,
    centreLine: line,
    landingZones: zones,
    wallAreaMm2: 1,
  };
  return { volumeMl: 5, ostium };
}

describe('numbers of a surface', () => {
  const tube = cone(3);
  const sound = shapeOf(tube, circle);

  it('are all given where they are plausible; a straight one has no bend', () => {
    const { withheld, ostium, landingZones: zones } = measurementsOf(sound, undefined);
    expect(Object.keys(withheld)).toEqual(['depthToFirstBendMm']);
    expect(inWords(Object.values(withheld))).toEqual(['No bend > 45° found.']);
    expect(ostium?.perimeterDerivedDiameterMm).toBeCloseTo(20, 1);
    expect(zones).toHaveLength(2);
    expect(plausibilityWarnings(sound, meshQuality(tube), false)).toEqual([]);
  });

  it('leave out the perimeter of a saw-toothed rim, and what is derived from it', () => {
    const ragged = { ...sound, ostium: { ...sound.ostium!, ...measureSection(sawTooth, plane) } };
    const { ostium, withheld } = measurementsOf(ragged, undefined);
    expect(ostium).toMatchObject({ perimeterMm: null, perimeterDerivedDiameterMm: null });
    expect(ostium?.areaDerivedDiameterMm).toBeCloseTo(20, 0);
    expect(withheld.perimeterDerivedDiameterMm?.code).toBe('measure.outline-ragged');
    expect(inWords(plausibilityWarnings(ragged, meshQuality(tube), false))).toEqual([
      expect.stringMatching(/^Ostium, measurements withheld: the outline is ragged/),
    ]);
  });

  it('leave out both derived diameters of a slit', () => {
    const slit = rim(() => 1).map(([x, y]): Vec3 => [16 * x, 4 * y, 0]);
    const flat = { ...sound, ostium: { ...sound.ostium!, ...measureSection(slit, plane) } };
    const { ostium } = measurementsOf(flat, undefined);
    expect(ostium).toMatchObject({ areaDerivedDiameterMm: null, perimeterDerivedDiameterMm: null });
    expect(ostium?.maxDiameterMm).toBeCloseTo(32, 1);
    expect(ostium?.perimeterMm).toBeGreaterThan(64);
  });

  it('leave out a landing zone that is much wider than the ostium, and say so', () => {
    const flask = cone(30);
    const shape = shapeOf(
      flask,
      rim(() => 8),
    );
    const { landingZones: zones, withheld } = measurementsOf(shape, undefined);
    expect(zones).toEqual([]);
    expect(withheld.landingZone12?.code).toBe('measure.section-wider-than-ostium');
    expect(String(inWords(plausibilityWarnings(shape, meshQuality(flask), false)))).toContain(
      'Landing zone at 10 mm, measurements withheld',
    );
  });

  it('say why there is no landing zone', () => {
    const { withheld } = measurementsOf(shapeOf(cone(3, 8), circle), undefined);
    expect(String(inWords([withheld.landingZone10!]))).toMatch(/^The appendage is only \d+\.\d mm deep/);
  });

  it('give a bend its place where the line turns at once, and none where it turns gradually', () => {
    // The bend's centre line turns by 10° within 2.6 mm, and within 7.8 mm.
    for (const [bendRadiusMm, isGiven] of [
      [15, true],
      [45, false],
    ] as const) {
      const bent = bentTubeMesh(bendRadiusMm, 5, 1.9, 80, 40);
      const { depthToFirstBendMm, withheld } = measurementsOf(
        shapeOf(
          bent,
          rim(() => 5),
        ),
        undefined,
      );
      expect(depthToFirstBendMm === null).toBe(!isGiven);
      expect(withheld.depthToFirstBendMm?.code).toBe(isGiven ? undefined : 'measure.bend-gradual');
    }
  });

  it('do not count a spur at the tip for the depth', () => {
    const line = Array.from({ length: 33 }, (_, z): Vec3 => [0, 0, z]);
    const spurred = tubeMesh(
      line,
      line.map((): Vec3 => [0, 0, 1]),
      (at) => (at * 32 <= 24 ? 8 : 0.9),
    );
    const shape = shapeOf(spurred, circle);
    // 24 mm deep, 8 mm aside at the far end's edge, and the spur of 8 mm on its middle.
    expect(measurementsOf(shape, undefined).depthMm).toBeLessThan(28);
    expect(String(inWords(plausibilityWarnings(shape, meshQuality(spurred), false)))).toMatch(
      /spur thinner than 3 mm reaches \d\.\d mm beyond the tip/,
    );
  });
});
