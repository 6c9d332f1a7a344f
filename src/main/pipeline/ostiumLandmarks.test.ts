import { describe, expect, it } from 'vitest';
import { distance, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { type CropFrame, normalizedToLps } from '../surface/cropFrame.ts';
import { findLandmarks, weighPlane } from './ostiumLandmarks.ts';

const frame: CropFrame = { centreLpsMm: [10, -20, 30], edgeMm: 70 };
const NAMES = ['leftSuperiorVeinRidge', 'leftCircumflex'] as const;

/** A network that points at two places, each way off by `errorMm` along x in turns. */
const pointing = (places: readonly Vec3[], errorMm: number) => async (points: Float32Array) => {
  const count = points.length / 3;
  const toLandmarksMm = new Float32Array(6 * count);
  for (let n = 0; n < count; n++) {
    const at = normalizedToLps(frame, [points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!]);
    places.forEach((place, landmark) => {
      const [x, y, z] = subtract(place, at);
      toLandmarksMm.set([x + (n % 2 === 0 ? errorMm : -errorMm), y, z], 6 * n + 3 * landmark);
    });
  }
  return { signedMm: new Float32Array(count), unsignedMm: new Float32Array(count), toLandmarksMm };
};

describe('findLandmarks', () => {
  const places: Vec3[] = [
    [14, -12, 34],
    [8, -30, 22],
  ];
  const rim: Vec3[] = [
    [12, -18, 30],
    [9, -24, 31],
    [11, -26, 27],
  ];

  it('finds where the network points, and says how far it disagrees with itself', async () => {
    const sure = await findLandmarks(pointing(places, 0), frame, NAMES, rim);
    expect(sure.map(({ name }) => name)).toEqual([...NAMES]);
    sure.forEach(({ pointLpsMm, spreadMm }, index) => {
      expect(distance(pointLpsMm, places[index]!)).toBeLessThan(1e-3);
      expect(spreadMm).toBeLessThan(1e-2);
    });
    const unsure = await findLandmarks(pointing(places, 2), frame, NAMES, rim);
    for (const { spreadMm } of unsure) expect(spreadMm).toBeCloseTo(2, 1);
  });

  it('asks for all landmarks at once: at the rim, and twice round what they are pointed at', async () => {
    const asked: number[] = [];
    const counted = (points: Float32Array) => {
      asked.push(points.length / 3);
      return pointing(places, 0)(points);
    };
    await findLandmarks(counted, frame, NAMES, rim);
    expect(asked).toEqual([3, 2 * 125, 2 * 125]);
  });
});

describe('weighPlane', () => {
  const cap = { pointLpsMm: [0, 0, 0] as Vec3, normal: [0, 0, 1] as Vec3 };
  const at = (name: (typeof NAMES)[number], pointLpsMm: Vec3, spreadMm: number) => ({
    name,
    pointLpsMm,
    spreadMm,
  });

  it('keeps a plane that holds its landmarks', () => {
    const found = [at(NAMES[0], [12, 0, 0], 0.5), at(NAMES[1], [-12, 0, 0], 0.5)];
    const { plane } = weighPlane(cap, found);
    expect(dot(plane.normal, cap.normal)).toBeCloseTo(1, 9);
    expect(plane.pointLpsMm[2]).toBeCloseTo(0, 9);
  });

  it('is as unsure as the landmark that is found worse', () => {
    const sureness = (ridgeMm: number, circumflexMm: number) =>
      weighPlane(cap, [at(NAMES[0], [12, 0, 0], ridgeMm), at(NAMES[1], [-12, 0, 0], circumflexMm)]);
    const [sure, unsure] = [sureness(1, 1), sureness(1, 3)];
    expect(unsure.sdDegrees).toBeCloseTo(3 * sure.sdDegrees, 9);
    expect(unsure.sdMm).toBeCloseTo(3 * sure.sdMm, 9);
    expect(sureness(3, 1).sdDegrees).toBe(unsure.sdDegrees);
    // Where landmarks of phantoms spread by 1 mm, planes are off by 3.5 to 5° and half a millimetre at the median.
    expect(sure.sdDegrees).toBeGreaterThan(3);
    expect(sure.sdDegrees).toBeLessThan(5);
    expect(sure.sdMm).toBeGreaterThan(0.5);
    expect(sure.sdMm).toBeLessThan(1);
  });

  it('moves and turns towards landmarks that lie elsewhere, less so the less sure they are', () => {
    const heights = (spreadMm: number): readonly [number, number] => {
      const found = [at(NAMES[0], [12, 0, 3], spreadMm), at(NAMES[1], [-12, 0, 1], spreadMm)];
      const { plane } = weighPlane(cap, found);
      const toPlane = (point: Vec3) => dot(subtract(point, plane.pointLpsMm), plane.normal);
      return [toPlane([12, 0, 3]), toPlane([-12, 0, 1])];
    };
    const [sure, unsure] = [heights(0.1), heights(8)];
    expect(Math.abs(sure[0])).toBeLessThan(2.5);
    expect(Math.abs(sure[0])).toBeLessThan(Math.abs(unsure[0]));
    expect(unsure[0]).toBeLessThan(3);
    const { plane } = weighPlane(cap, [at(NAMES[0], [12, 0, 3], 0.1), at(NAMES[1], [-12, 0, -3], 0.1)]);
    expect(plane.pointLpsMm[2]).toBeCloseTo(0, 6);
    expect(plane.normal).not.toEqual(cap.normal);
    expect(dot(plane.normal, normalize([-3, 0, 12]))).toBeGreaterThan(0.97);
  });

  it('follows landmarks that agree where the cap lies far off, as on scans unlike the phantoms', () => {
    const height = (mm: number): number => {
      const { plane } = weighPlane(cap, [at(NAMES[0], [12, 0, 0], 1), at(NAMES[1], [-12, 0, mm], 3)]);
      return dot(subtract([-12, 0, mm], plane.pointLpsMm), plane.normal);
    };
    expect(height(2)).toBeGreaterThan(0.5);
    // Four times as far off, and yet hardly further from the plane.
    expect(height(8)).toBeLessThan(1.6);
  });
});
