import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { familySpec } from '#shared/nudf/family/familySpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { importFamilyCheckpoint } from '../../nudf/family/importCheckpoint.ts';
import { pythonWithTorch } from '../../nudf/family/testing/pythonWithTorch.ts';
import { readFamilyCheckpoint, writeFamilyCheckpoint } from './familyCheckpoint.ts';
import { initialFamilyState, initialFamilyWeights } from './familyInitialWeights.ts';
import { isRunningStatistic } from './familyTrainer.ts';

const SCRIPT = join(import.meta.dirname, '../../nudf/family/testing/family.py');
const python = pythonWithTorch();
const spec = familySpec('ShapeNet64Vox', { alignCorners: false });
const history = [
  {
    epoch: 1,
    step: 3,
    learningRate: 1e-4,
    trainLoss: 0.5,
    validationLoss: null,
    seconds: 1,
    examplesPerSecond: 3,
  },
];
// So that no moment is zero.
const moments = new Map([...initialFamilyWeights(spec, 8)].filter(([name]) => !isRunningStatistic(name)));
const state = {
  step: 3,
  weights: initialFamilyWeights(spec, 7),
  firstMoments: moments,
  secondMoments: moments,
};
const checkpoint = { epoch: 1, state, history };

/** Bit for bit; comparing millions of numbers one by one would take minutes. */
function expectSame(found: WeightMap, expected: WeightMap): void {
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [name, { data, shape }] of expected) {
    expect(found.get(name)!.shape).toEqual(shape);
    expect(Buffer.compare(bytesOf(found.get(name)!.data), bytesOf(data)), name).toBe(0);
  }
}
const bytesOf = (data: Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe('a checkpoint of the family', () => {
  it('comes back as it was, and tells its sampling convention to whoever imports it', async () => {
    const bytes = writeFamilyCheckpoint(spec, checkpoint, 1e-4);
    const read = await readFamilyCheckpoint(bytes, 'c.tar', spec);
    expect([read.epoch, read.state.step, read.history]).toEqual([1, 3, history]);
    for (const part of ['weights', 'firstMoments', 'secondMoments'] as const) {
      expectSame(read.state[part], state[part]);
    }
    const imported = await importFamilyCheckpoint(bytes, 'c.tar');
    expect(imported).toMatchObject({ epoch: 1, spec });
    expectSame(imported.weights, state.weights);
  });

  it('is refused where it is of another network or has no optimiser', async () => {
    const bytes = writeFamilyCheckpoint(spec, checkpoint, 1e-4);
    await expect(readFamilyCheckpoint(bytes, 'c.tar', familySpec('ShapeNet128Vox'))).rejects.toThrow(
      '"c.tar" holds ShapeNet64Vox, not ShapeNet128Vox.',
    );
    await expect(readFamilyCheckpoint(bytes.subarray(0, bytes.length / 2), 'c.tar', spec)).rejects.toThrow(
      'c.tar',
    );
  });

  describe.skipIf(python === undefined)('in PyTorch (skipped without PyTorch)', () => {
    const names = ['ShapeNet64Vox', 'ShapeNet512Vox'] as const;
    const sums = new Map<string, { expected: number; found: number }>();
    // Both by one process, for PyTorch takes a second to load.
    beforeAll(() => {
      const folder = mkdtempSync(join(tmpdir(), 'auricle-checkpoint-'));
      try {
        const written = names.map((name) => {
          const network = familySpec(name);
          const weights = initialFamilyWeights(network, 1);
          const file = join(folder, `${name}.tar`);
          writeFileSync(
            file,
            writeFamilyCheckpoint(network, { epoch: 1, state: initialFamilyState(weights), history }, 1e-4),
          );
          const expected = [...weights.values()].reduce(
            (total, { data }) => total + data.reduce((part, value) => part + value, 0),
            0,
          );
          return { name, file, expected };
        });
        const files = written.flatMap(({ name, file }) => [name, file]);
        const result = spawnSync(python!, [SCRIPT, 'load', ...files], { encoding: 'utf8' });
        expect(result.stderr).toBe('');
        const lines = result.stdout.trim().split('\n');
        written.forEach(({ name, expected }, n) => {
          sums.set(name, { expected, found: Number(lines[n]) });
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it.each(names)('of %s is loaded, its optimiser too', (name) => {
      const { expected, found } = sums.get(name)!;
      expect(found).toBeCloseTo(expected, 2);
    });
  });
});
