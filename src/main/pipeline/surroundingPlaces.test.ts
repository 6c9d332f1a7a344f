import { describe, expect, it } from 'vitest';
import type { SurroundingsField } from '#shared/anatomy/surroundings.ts';
import { surroundingsSchema } from '#shared/contract/surroundings.ts';
import { cubeGridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import { surroundingErrors, surroundingPlaces } from './surroundingPlaces.ts';

const SIZE = 40;
const grid = cubeGridLps([5, -60, 80], 60, SIZE);
const voxels = Array.from({ length: SIZE ** 3 }, (_, n) =>
  ijkToLps(grid, [n % SIZE, Math.floor(n / SIZE) % SIZE, Math.floor(n / SIZE ** 2)]),
);
const clamped = (mm: number): number => Math.max(-14, Math.min(14, mm));

/** A vein of 7 mm radius along z, an artery of 1.6 mm along x and a ring of 15 mm radius square to z. */
const vein = ([x, y]: Vec3): number => Math.hypot(x - 20, y + 45) - 7;
const artery = ([, y, z]: Vec3): number => Math.hypot(y + 75, z - 70) - 1.6;
const ring = ([x, y, z]: Vec3): number => Math.hypot(Math.hypot(x - 5, y + 60) - 15, z - 95);

const fieldOf = (...shapes: readonly ((point: Vec3) => number)[]): SurroundingsField => ({
  grid,
  reachMm: 14,
  structures: ['leftSuperiorVein', 'circumflex', 'mitralAnnulus'],
  distancesMm: Float32Array.from(shapes.flatMap((shape) => voxels.map((point) => clamped(shape(point))))),
});
const nowhere = (): number => 14;
const errorsMm = { circumflex: 1.4, leftSuperiorVein: 1.1, mitralAnnulus: 2.2 };
const placesOf = (field: SurroundingsField, rimLpsMm: readonly Vec3[] = []) =>
  surroundingPlaces(field, errorsMm, rimLpsMm);

describe('surroundingPlaces', () => {
  it('lie on each structure, to half a millimetre, all over it', () => {
    const found = placesOf(fieldOf(vein, artery, ring))!;
    expect(surroundingsSchema.parse(found)).toEqual(found);
    // A network that knows nothing of the septum has not looked for it.
    expect(found.lookedFor).toEqual(Object.keys(errorsMm));
    const shapes: Record<string, (point: Vec3) => number> = {
      leftSuperiorVein: vein,
      circumflex: artery,
      mitralAnnulus: ring,
    };
    expect(found.structures.map(({ name }) => name)).toEqual(Object.keys(errorsMm));
    expect(found.structures.map(({ uncertaintyMm }) => uncertaintyMm)).toEqual(Object.values(errorsMm));
    for (const { name, pointsLpsMm } of found.structures) {
      for (const point of pointsLpsMm) expect(Math.abs(shapes[name]!(point))).toBeLessThan(0.6);
    }
    const annulus = found.structures[2]!.pointsLpsMm;
    for (let step = 0; step < 12; step++) {
      const angle = (Math.PI * step) / 6;
      const onRing: Vec3 = [5 + 15 * Math.cos(angle), -60 + 15 * Math.sin(angle), 95];
      expect(Math.min(...annulus.map((point) => distance(point, onRing)))).toBeLessThan(2.5);
    }
  });

  it('leave out what is not there, and what is only hinted at', () => {
    const faint = (point: Vec3): number => ring(point) + 3;
    expect(placesOf(fieldOf(vein, nowhere, faint))!.structures.map(({ name }) => name)).toEqual([
      'leftSuperiorVein',
    ]);
  });

  it('are doubtful where the field only hints at the structure, and apart from those that are clear', () => {
    // Its valley ends at 1 mm where x < 5 and rises to 3 mm beyond.
    const blunt = (point: Vec3): number =>
      Math.hypot(artery(point) + 1.6, 1 + 2 * Math.max(0, Math.min(1, (point[0] - 5) / 4)));
    const [found] = placesOf(fieldOf(vein, (point) => blunt(point) - 0.5, nowhere))!.structures.filter(
      ({ name }) => name === 'circumflex',
    );
    const [clear, doubtful] = [found!.pointsLpsMm, found!.doubtfulLpsMm];
    expect(Math.min(...clear.map(([x]) => x))).toBeLessThan(-15);
    expect(Math.max(...clear.map(([x]) => x))).toBeLessThan(12);
    expect(Math.max(...doubtful.map(([x]) => x))).toBeGreaterThan(25);
    for (const other of doubtful) {
      for (const place of clear) expect(distance(place, other)).toBeGreaterThan(1.4);
    }
    const whole = placesOf(fieldOf(vein, artery, ring))!.structures.find(({ name }) => name === 'circumflex');
    expect(whole!.doubtfulLpsMm).toEqual([]);
  });

  it('leave out a vein in pieces, and an artery far from the ostium that reaches to it', () => {
    const namesOf = (...given: Parameters<typeof placesOf>) =>
      placesOf(...given)!.structures.map(({ name }) => name);
    // A gap of 8 mm, as where the part beside the ostium is missed.
    const inPieces = (point: Vec3): number => (Math.abs(point[2] - 80) < 4 ? 14 : vein(point));
    expect(namesOf(fieldOf(inPieces, artery, nowhere))).toEqual(['circumflex']);
    const field = fieldOf(vein, artery, nowhere);
    const rimAt = (z: number): Vec3[] => [
      [0, -75, z],
      [10, -75, z],
    ];
    expect(namesOf(field, rimAt(80))).toEqual(['circumflex', 'leftSuperiorVein']);
    expect(namesOf(field, rimAt(86))).toEqual(['leftSuperiorVein']);
  });

  it('lie on both faces of a septum, thin as it is; one in pieces, too small or too long is left out', () => {
    /** A wall of 2 mm, 18 mm wide and so high, before which nothing is. */
    const sheet =
      (highMm: number) =>
      ([x, y, z]: Vec3): number => {
        const aside = Math.hypot(
          Math.max(0, Math.abs(y + 60) - 9),
          Math.max(0, Math.abs(z - 80) - highMm / 2),
        );
        return Math.hypot(Math.max(0, Math.abs(x - 2) - 1), aside) || Math.abs(x - 2) - 1;
      };
    const septumOf = (shape: (point: Vec3) => number) =>
      surroundingPlaces(
        { ...fieldOf(shape), structures: ['interatrialSeptum'] },
        { interatrialSeptum: 2.4 },
        [],
      )!;
    const septum = sheet(24);
    const { lookedFor, structures } = septumOf(septum);
    expect(lookedFor).toEqual(['interatrialSeptum']);
    const [{ pointsLpsMm, doubtfulLpsMm }] = structures as [(typeof structures)[number]];
    for (const point of pointsLpsMm) expect(Math.abs(septum(point))).toBeLessThan(1.1);
    expect(Math.min(...pointsLpsMm.map(([, , z]) => z))).toBeLessThan(69.5);
    expect(Math.max(...pointsLpsMm.map(([, , z]) => z))).toBeGreaterThan(90.5);
    for (const point of doubtfulLpsMm) expect(Math.abs(septum(point))).toBeLessThan(3);
    const torn = (point: Vec3): number => (Math.abs(point[2] - 78) < 5 ? 14 : septum(point));
    for (const wrong of [torn, sheet(8), sheet(46)]) expect(septumOf(wrong).structures).toEqual([]);
  });

  it('know how far was looked: to the faces of the cube, or to those of the scan', () => {
    const whole = fieldOf(vein, artery, ring);
    expect(placesOf(whole)!.seenLpsMm.low[2]).toBeCloseTo(80 - 30 + 0.75, 6);
    const cut = whole.distancesMm.map((value, n) => (voxels[n % SIZE ** 3]![2] < 62 ? Number.NaN : value));
    const { seenLpsMm, structures } = placesOf({ ...whole, distancesMm: cut })!;
    expect(seenLpsMm.low[2]).toBeGreaterThanOrEqual(62);
    expect(seenLpsMm.low[2]).toBeLessThan(64);
    expect(seenLpsMm.low[0]).toBeCloseTo(5 - 30 + 0.75, 6);
    for (const { pointsLpsMm } of structures)
      for (const [, , z] of pointsLpsMm) expect(z).toBeGreaterThan(60);
    expect(placesOf({ ...whole, distancesMm: cut.fill(Number.NaN) })).toBeNull();
  });

  it('are of those structures only whose errors the model’s manifest has', () => {
    const known = surroundingErrors({
      circumflex_rimErrorP90Mm: 1.4,
      circumflex_rimErrorMaxMm: 3,
      phantoms: 24,
    });
    expect(known).toEqual({ circumflex: 1.4 });
    const { structures } = surroundingPlaces(fieldOf(vein, artery, ring), known, [])!;
    expect(structures.map(({ name }) => name)).toEqual(['circumflex']);
  });
});
