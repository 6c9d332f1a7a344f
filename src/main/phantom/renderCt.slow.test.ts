import { describe, expect, it } from 'vitest';
import { measureHu } from '#shared/annotations/huStatistics.ts';
import { CancelledError } from '#shared/errors.ts';
import { type GridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { angleInTurns } from './ctArtefacts.ts';
import { evaluateTissues } from './evaluateShape.ts';
import { renderCt, renderCtBox, renderCtSlab } from './renderCt.ts';
import { renderLabels } from './renderLabels.ts';
import { type CtAcquisition, LABELS, type PhantomScene, type Shape } from './scene.ts';
import { emptyScene, randomScene } from './testing/testScenes.ts';

const gridOf = (size: number, spacing: number, spacingK = spacing): GridLps => ({
  sizeIjk: [size, size, size],
  originLpsMm: [(-(size - 1) / 2) * spacing, (-(size - 1) / 2) * spacing, (-(size - 1) / 2) * spacingK],
  spacingMm: [spacing, spacing, spacingK],
  directions: LPS_AXES,
});

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let n = 0; n < a.length; n++) largest = Math.max(largest, Math.abs(a[n]! - b[n]!));
  return largest;
};

const withShape = (shape: Shape, acquisition: Partial<PhantomScene['acquisition']>): PhantomScene => ({
  ...emptyScene(),
  backgroundHu: 0,
  shapes: [{ name: 'it', shape }],
  tissues: [{ name: 'it', shape: 'it', label: LABELS.bone, hu: { baseHu: 1000 } }],
  acquisition: { ...emptyScene().acquisition, ...acquisition },
});

describe('renderCt', () => {
  it.each([1, 2, 3, 4])('gives the same numbers with the tape pruned for each brick (scene %i)', (seed) => {
    const grid = gridOf(28, 2.1, 1.9);
    const scene = randomScene(seed);
    const box = { from: [0, 0, 0], to: grid.sizeIjk } as const;
    const pruned = renderCtBox(scene, grid, box);
    expect(largestDifference(pruned, renderCtBox(scene, grid, box, { unpruned: true }))).toBe(0);
    expect(new Set(pruned).size).toBeGreaterThan(1000);
  });

  it('shows a scene in motion as the mean of its displaced states, pruned or not', () => {
    const grid = gridOf(22, 2.1, 1.9);
    const still = randomScene(2);
    const box = { from: [0, 0, 0], to: grid.sizeIjk } as const;
    const acquisition = { ...still.acquisition, noiseSdHu: 0, streaks: [] };
    const { steps: _, ...calm } = acquisition;
    const shift: Vec3 = [3, -2, 4];
    const everywhere = { centreLpsMm: [0, 0, 0] as Vec3, radiusMm: 1e7 };
    const image = (extra: Partial<CtAcquisition>, unpruned = false): Float32Array =>
      renderCtBox({ ...still, acquisition: { ...calm, ...extra } }, grid, box, { unpruned });
    const displaced = image({ steps: { slabMm: 1e6, zOffsetMm: -5e5, shiftsLpsMm: [shift] } });
    const motion = { ...everywhere, shiftsLpsMm: [[0, 0, 0] as Vec3, shift] };
    const moving = image({ motion });
    const mean = image({}).map((value, n) => (value + displaced[n]!) / 2);
    expect(largestDifference(moving, mean)).toBeLessThan(0.01);
    expect(largestDifference(moving, displaced)).toBeGreaterThan(50);
    expect(largestDifference(moving, image({ motion }, true))).toBe(0);
    // Far from its centre nothing moves.
    const local = { centreLpsMm: [500, 0, 0] as Vec3, radiusMm: 20, shiftsLpsMm: [shift] };
    expect(largestDifference(image({ motion: local }), image({}))).toBeLessThan(1e-3);
  });

  it('gives any box of the grid the numbers of the whole', () => {
    const grid = gridOf(37, 1.1, 1.7);
    const scene = randomScene(5);
    const whole = renderCt(scene, grid);
    const slab = renderCtSlab(scene, grid, 9, 21);
    expect(largestDifference(slab, whole.subarray(9 * 37 * 37, 21 * 37 * 37))).toBe(0);
    const box = renderCtBox(scene, grid, { from: [5, 11, 13], to: [17, 30, 15] });
    const cut = Array.from({ length: box.length }, (_, n) => {
      const [i, j, k] = [5 + (n % 12), 11 + (Math.floor(n / 12) % 19), 13 + Math.floor(n / (12 * 19))];
      return whole[i + 37 * (j + 37 * k)]!;
    });
    expect(largestDifference(box.map(Math.round), cut)).toBe(0);
  });

  it('spreads a step edge in the plane like a Gaussian of the wanted SD', () => {
    const scene = withShape(
      { kind: 'halfSpace', pointLpsMm: [0, 0, 0], outwardNormal: [1, 0, 0] },
      { psfInPlaneSdMm: 0.8 },
    );
    const row = renderCt(scene, { ...gridOf(40, 0.4), sizeIjk: [40, 1, 1] });
    // The edge's derivative is the point spread: its SD, less the painted edge's own of 0.4/√12.
    const weights = Array.from({ length: 39 }, (_, n) => (row[n]! - row[n + 1]!) / 1000);
    const positions = weights.map((_, n) => (n - 19) * 0.4);
    const mean = weights.reduce((sum, w, n) => sum + w * positions[n]!, 0);
    const variance = weights.reduce((sum, w, n) => sum + w * (positions[n]! - mean) ** 2, 0);
    expect(mean).toBeCloseTo(0, 2);
    expect(Math.sqrt(variance)).toBeGreaterThan(0.77);
    expect(Math.sqrt(variance)).toBeLessThan(0.84);
  });

  it('has a slice profile of the wanted full width at half maximum', () => {
    const scene = withShape(
      { kind: 'halfSpace', pointLpsMm: [0, 0, 0], outwardNormal: [0, 0, 1] },
      { sliceThicknessMm: 3 },
    );
    const grid = { ...gridOf(40, 0.4), sizeIjk: [1, 1, 40] } as const;
    const column = renderCt(scene, grid);
    const weights = Array.from({ length: 39 }, (_, n) => (column[n]! - column[n + 1]!) / 1000);
    const variance = weights.reduce((sum, w, n) => sum + w * ((n - 19) * 0.4) ** 2, 0);
    expect(Math.sqrt(variance) * Math.sqrt(8 * Math.log(2))).toBeGreaterThan(2.85);
    expect(Math.sqrt(variance) * Math.sqrt(8 * Math.log(2))).toBeLessThan(3.15);
  });

  it('integrates thick slices over finer samples', () => {
    // A plate of 1.6 mm in slices of 4 mm: 40 % of its density in all, wherever it lies.
    const plate = (z: number): PhantomScene =>
      withShape(
        {
          kind: 'intersection',
          of: [
            { kind: 'halfSpace', pointLpsMm: [0, 0, z + 0.8], outwardNormal: [0, 0, 1] },
            { kind: 'halfSpace', pointLpsMm: [0, 0, z - 0.8], outwardNormal: [0, 0, -1] },
          ],
        },
        { sliceThicknessMm: 4 },
      );
    const grid = { ...gridOf(15, 0.5, 4), sizeIjk: [1, 1, 15] } as const;
    for (const z of [0, 1.3, 2, -0.7]) {
      expect(renderCt(plate(z), grid).reduce((sum, hu) => sum + hu, 0)).toBeGreaterThan(375);
      expect(renderCt(plate(z), grid).reduce((sum, hu) => sum + hu, 0)).toBeLessThan(425);
    }
  });

  it('adds noise of mean 0, the wanted SD and the wanted correlation', () => {
    const scene: PhantomScene = {
      ...emptyScene(),
      backgroundHu: 0,
      acquisition: {
        ...emptyScene().acquisition,
        noiseSdHu: 30,
        noiseCorrelationInPlaneMm: 0.8,
        noiseCorrelationThroughPlaneMm: 0.7,
      },
    };
    const size = 48;
    const noise = renderCtBox(scene, gridOf(size, 0.8, 1), { from: [0, 0, 0], to: [size, size, size] });
    const mean = noise.reduce((sum, v) => sum + v, 0) / noise.length;
    const covariance = (stride: number): number => {
      let sum = 0;
      for (let n = 0; n + stride < noise.length; n++) sum += noise[n]! * noise[n + stride]!;
      return sum / (noise.length - stride);
    };
    const sd = Math.sqrt(covariance(0));
    expect(Math.abs(mean)).toBeLessThan(0.7);
    expect(sd).toBeGreaterThan(29);
    expect(sd).toBeLessThan(31);
    // White noise smoothed with SD s correlates over a distance d with exp(−d²/4s²).
    expect(covariance(1) / sd ** 2).toBeCloseTo(Math.exp(-0.25), 1);
    expect(covariance(size) / sd ** 2).toBeCloseTo(Math.exp(-0.25), 1);
    expect(Math.abs(covariance(size * size) / sd ** 2 - Math.exp(-1 / (4 * 0.49)))).toBeLessThan(0.05);
    // So it stands beside a reader's ellipse, on its own slice and on an oblique plane, whose samples are smoother.
    const volume = { grid: gridOf(size, 0.8, 1), data: noise };
    const ellipse = {
      kind: 'ellipse',
      centreLpsMm: [0, 0, 0.5],
      halfAxesLpsMm: [
        [17, 0, 0],
        [0, 15, 0],
      ],
    } as const;
    const { hu } = measureHu(ellipse, { pointLpsMm: [0, 0, 0.5], normal: [0, 0, 1] }, volume);
    expect(hu?.sampling).toBe('voxels');
    expect(Math.abs(hu!.meanHu)).toBeLessThan(5);
    expect(Math.abs(hu!.deviationHu - 30)).toBeLessThan(2);
    const oblique = {
      ...ellipse,
      halfAxesLpsMm: [
        [0, 12, -12],
        [17, 0, 0],
      ],
    } as const;
    const tilted = { pointLpsMm: ellipse.centreLpsMm, normal: [0, Math.SQRT1_2, Math.SQRT1_2] } as const;
    const { hu: smooth } = measureHu(oblique, tilted, volume);
    expect(smooth?.sampling).toBe('trilinear');
    expect(Math.abs(smooth!.meanHu)).toBeLessThan(5);
    expect(smooth!.deviationHu).toBeLessThan(hu!.deviationHu);
    expect(smooth!.deviationHu).toBeGreaterThan(20);
    const fourth = noise.reduce((sum, v) => sum + v ** 4, 0) / noise.length / sd ** 4;
    expect(fourth).toBeCloseTo(3, 0.7);
  });

  it('shifts slabs, pads outside of the circle and keeps to 12 bits', () => {
    const wall: Shape = { kind: 'halfSpace', pointLpsMm: [0, 0, 0], outwardNormal: [1, 0, 0] };
    const scene = withShape(wall, {
      steps: {
        slabMm: 10,
        zOffsetMm: 0,
        shiftsLpsMm: [
          [0, 0, 0],
          [4, 0, 0],
        ],
      },
      fieldOfView: { centreLpsMm: [0, 0, 0], radiusMm: 15, paddingHu: -2000 },
    });
    const grid = gridOf(40, 1);
    const image = renderCt(scene, grid);
    const at = (x: number, z: number): number => image[x + 19 + 0.5 + 40 * (19 + 40 * (z + 19 + 0.5))]!;
    expect([at(-0.5, 4.5), at(1.5, 4.5), at(2.5, 14.5), at(4.5, 14.5), at(1.5, -0.5)]).toEqual([
      1000, 0, 1000, 0, 1000,
    ]);
    expect(at(-18.5, 4.5)).toBe(-2000);
    const dense = { ...scene, tissues: [{ ...scene.tissues[0]!, hu: { baseHu: 9000 } }] };
    expect(renderCt(dense, grid).reduce((a, b) => Math.max(a, b), 0)).toBe(3071);
  });

  it('streaks fan out from their source and fade', () => {
    const streak = {
      centreLpsMm: [0, 0, 0],
      amplitudeHu: 200,
      spokes: 6,
      reachMm: 8,
      halfHeightMm: 4,
      seed: 3,
    } as const;
    const scene: PhantomScene = {
      ...emptyScene(),
      backgroundHu: 0,
      acquisition: { ...emptyScene().acquisition, streaks: [streak] },
    };
    const image = renderCt(scene, gridOf(41, 1));
    const slice = (k: number): number[] => Array.from(image.subarray(k * 41 * 41, (k + 1) * 41 * 41));
    expect(Math.max(...slice(20))).toBeGreaterThan(50);
    expect(Math.min(...slice(20))).toBeLessThan(-50);
    expect(Math.max(...slice(0).map(Math.abs))).toBe(0);
    for (let turn = 0; turn < 1; turn += 0.037) {
      const angle = 2 * Math.PI * turn;
      expect(angleInTurns(3 * Math.cos(angle), 3 * Math.sin(angle))).toBeCloseTo(turn, 5);
    }
  });

  it('stops when cancelled', () => {
    const controller = new AbortController();
    controller.abort();
    expect(() => renderCt(randomScene(1), gridOf(8, 2), { signal: controller.signal })).toThrow(
      CancelledError,
    );
  });
});

describe('renderLabels', () => {
  it.each([1, 2])('labels what the soft edges of the whole tape cover by half or more (scene %i)', (seed) => {
    const size = 28;
    const [scene, grid] = [randomScene(seed), gridOf(size, 2.1, 1.9)];
    const points = Float32Array.from({ length: 3 * size ** 3 }, (_, at) => {
      const n = Math.floor(at / 3);
      const ijk: Vec3 = [n % size, Math.floor(n / size) % size, Math.floor(n / size ** 2)];
      return ijkToLps(grid, ijk)[at % 3]!;
    });
    const { label } = evaluateTissues(scene, points, 2);
    // The appendage is painted as atrium, and told apart afterwards.
    const labels = renderLabels(scene, grid).map((value) =>
      value === LABELS.appendage ? LABELS.leftAtrium : value,
    );
    expect(largestDifference(labels, label)).toBe(0);
    expect(new Set(labels).size).toBeGreaterThan(3);
  });

  it('paints in order and gives the appendage its own label beyond the ostium', () => {
    const scene: PhantomScene = {
      ...emptyScene(),
      shapes: [
        {
          name: 'body',
          shape: {
            kind: 'tube',
            pointsLpsMm: [
              [0, 0, -8],
              [0, 0, 8],
            ],
            radiiMm: [3, 3],
          },
        },
        {
          name: 'atrium',
          shape: {
            kind: 'union',
            of: [
              {
                kind: 'box',
                centreLpsMm: [0, 0, -9],
                halfSizesMm: [9, 9, 6],
                axes: [
                  [1, 0, 0],
                  [0, 1, 0],
                  [0, 0, 1],
                ],
                roundingMm: 0,
              },
              { kind: 'named', name: 'body' },
            ],
          },
        },
      ],
      tissues: [{ name: 'atrium', shape: 'atrium', label: LABELS.leftAtrium, hu: { baseHu: 300 } }],
      appendage: { ...emptyScene().appendage, ostiumPointLpsMm: [0, 0, -2], ostiumNormal: [0, 0, 1] },
    };
    const label = renderLabels(scene, gridOf(21, 1));
    const at = (x: number, y: number, z: number): number => label[x + 10 + 21 * (y + 10 + 21 * (z + 10))]!;
    expect([at(0, 0, 5), at(0, 0, -5), at(8, 0, -5), at(8, 0, 5), at(2, 0, -1)]).toEqual([
      LABELS.appendage,
      LABELS.leftAtrium,
      LABELS.leftAtrium,
      LABELS.air,
      LABELS.appendage,
    ]);
  });
});
