import { describe, expect, it } from 'vitest';
import { polylineLength } from '../anatomy/centreLine.ts';
import { sectionPlane } from '../anatomy/landingZone.ts';
import { LPS_AXES } from '../geometry/gridLps.ts';
import { addScaled, cross, distance, dot, normalize, subtract, type Vec3 } from '../geometry/vec3.ts';
import { icosphere } from '../mesh/testing/primitives.ts';
import { createRandom } from '../random/random.ts';
import { huAtPlaces, lumenAtPlaces, placeAt, straightenedPlaces } from './straightenedReformat.ts';

const FRAME = { columns: 60, rows: 31, fromMm: -8, mmPerPixel: 0.8, turnDegrees: 0 };
const placeOf = (places: Float64Array, column: number, row: number): Vec3 =>
  placeAt(places, FRAME, column, row);

describe('the straightened reformat', () => {
  it('of a straight line is the plane through it, to a millionth of a millimetre, at any angle', () => {
    const random = createRandom(5);
    for (let trial = 0; trial < 20; trial++) {
      const [start, direction] = [random.direction(), random.direction()];
      const line = Array.from({ length: 31 }, (_, mm) => addScaled(start, direction, mm));
      const turnDegrees = random.uniform(-180, 180);
      const places = straightenedPlaces(line, { ...FRAME, turnDegrees });
      const side = normalize(subtract(placeOf(places, 0, 30), placeOf(places, 0, 0)));
      expect(Math.abs(dot(side, direction))).toBeLessThan(1e-9);
      for (const [column, row] of [
        [0, 0],
        [0, 30],
        [59, 0],
        [59, 30],
        [31, 7],
        [10, 15],
      ] as const) {
        const along = addScaled(start, direction, FRAME.fromMm + (column + 0.5) * FRAME.mmPerPixel);
        const expected = addScaled(along, side, (row + 0.5 - 15.5) * FRAME.mmPerPixel);
        expect(distance(placeOf(places, column, row), expected)).toBeLessThan(1e-6);
      }
    }
  });

  it('turns about the line by the angle that is asked for', () => {
    const line = Array.from({ length: 31 }, (_, z): Vec3 => [0, 0, z]);
    const sideAt = (turnDegrees: number): Vec3 => {
      const places = straightenedPlaces(line, { ...FRAME, turnDegrees });
      return normalize(subtract(placeOf(places, 0, 30), placeOf(places, 0, 0)));
    };
    const [none, quarter] = [sideAt(0), sideAt(90)];
    expect(dot(none, quarter)).toBeCloseTo(0, 9);
    expect(dot(cross(none, quarter), [0, 0, 1])).toBeCloseTo(1, 9);
    expect(dot(none, sideAt(180))).toBeCloseTo(-1, 9);
  });

  it('of a bent line has the line in its middle and no twist', () => {
    const line = Array.from({ length: 61 }, (_, at): Vec3 => {
      const angle = at / 20;
      return [20 * (1 - Math.cos(angle)), 3 * Math.sin(angle), 20 * Math.sin(angle)];
    });
    const places = straightenedPlaces(line, FRAME);
    for (let column = 1; column < FRAME.columns; column++) {
      const side = (at: number): Vec3 => normalize(subtract(placeOf(places, at, 30), placeOf(places, at, 0)));
      expect(dot(side(column), side(column - 1))).toBeGreaterThan(0.998);
    }
    const on = placeOf(places, 30, 15);
    expect(Math.min(...line.map((point) => distance(point, on)))).toBeLessThan(0.6);
  });

  it('reads the scan between its voxels, and knows where the lumen is', () => {
    const grid = {
      sizeIjk: [11, 11, 11],
      originLpsMm: [-5, -5, -5],
      spacingMm: [1, 1, 1],
      directions: LPS_AXES,
    } as const;
    const data = Int16Array.from({ length: 1331 }, (_, at) => 10 * (at % 11) + 100 * Math.floor(at / 121));
    const places = Float64Array.of(0.25, 0, 0.5, 5, 5, 5, 5.1, 0, 0);
    expect([...huAtPlaces({ grid, data }, places, -999)]).toEqual([602.5, 1100, -999]);
    expect([...lumenAtPlaces(icosphere([0, 0, 0], 4, 3), Float64Array.of(0, 0, 3, 0, 0, 5))]).toEqual([1, 0]);
  });

  it('shows a bent tube straight, as wide and as long as it is, at any angle', () => {
    // A quarter of a ring of radius 20 mm, the tube 10 mm wide: HU fall by 100 with each mm across its wall.
    const [ringMm, tubeMm] = [20, 5];
    const size = [34, 34, 18] as const;
    const data = new Int16Array(size[0] * size[1] * size[2]);
    const grid = {
      sizeIjk: size,
      originLpsMm: [-6, -6, -8.5],
      spacingMm: [1, 1, 1],
      directions: LPS_AXES,
    } as const;
    for (let at = 0; at < data.length; at++) {
      const x = (at % size[0]) - 6;
      const y = (Math.floor(at / size[0]) % size[1]) - 6;
      const z = Math.floor(at / (size[0] * size[1])) - 8.5;
      const across = Math.hypot(Math.hypot(x, y) - ringMm, z) - tubeMm;
      data[at] = Math.round(-100 * Math.max(across, -x, -y));
    }
    const line = Array.from({ length: 32 }, (_, at): Vec3 => {
      const angle = (at / 31) * (Math.PI / 2);
      return [ringMm * Math.cos(angle), ringMm * Math.sin(angle), 0];
    });
    const [columns, rows, mmPerPixel, fromMm] = [150, 80, 0.25, -3];
    for (const turnDegrees of [0, 40, 90, 200]) {
      const places = straightenedPlaces(line, { columns, rows, fromMm, mmPerPixel, turnDegrees });
      const hu = huAtPlaces({ grid, data }, places, -1000);
      const isTube = (column: number, row: number): boolean => hu[row * columns + column]! > 0;
      const along = Array.from({ length: columns }, (_, column) => isTube(column, rows / 2));
      expect(Math.abs(along.filter(Boolean).length * mmPerPixel - (ringMm * Math.PI) / 2)).toBeLessThan(0.5);
      expect(Math.abs(along.indexOf(true) * mmPerPixel + fromMm)).toBeLessThan(0.5);
      for (let column = 20; column < 130; column++) {
        const inside = Array.from({ length: rows }, (_, row) => row).filter((row) => isTube(column, row));
        expect(Math.abs(inside.length * mmPerPixel - 2 * tubeMm)).toBeLessThan(0.6);
        // The line is the tube's middle.
        expect(Math.abs((inside[0]! + inside.at(-1)! + 1 - rows) * mmPerPixel)).toBeLessThan(0.6);
      }
    }
  });

  it('has the section perpendicular to the line in each column', () => {
    const line = Array.from({ length: 41 }, (_, at): Vec3 => [12 * Math.sin(at / 12), 0.02 * at * at, at]);
    const places = straightenedPlaces(line, { ...FRAME, fromMm: 0 });
    const depthMm = polylineLength(line);
    for (const column of [5, 20, 44]) {
      const { pointLpsMm, normal } = sectionPlane(
        { pointsLpsMm: line, depthMm },
        (column + 0.5) * FRAME.mmPerPixel,
      );
      for (const row of [0, 30])
        expect(Math.abs(dot(subtract(placeOf(places, column, row), pointLpsMm), normal))).toBeLessThan(1e-6);
    }
  });
});
