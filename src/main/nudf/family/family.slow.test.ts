import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FAMILY_NAMES,
  type FamilySpec,
  familyDecoderWidths,
  familySpec,
} from '#shared/nudf/family/familySpec.ts';
import { familyLayout } from '#shared/nudf/family/familyWeights.ts';
import { elementCount } from '#shared/nudf/network/weightLayout.ts';
import { recorded as recordedFile } from '../../arrays/testing/recorded.ts';
import { createOnnxFamilyEngine } from '../engine/onnxFamilyEngine.ts';
import { importFamilyCheckpoint } from './importCheckpoint.ts';
import { formulaNumbers, formulaWeights } from './testing/formula.ts';
import { pythonWithTorch } from './testing/pythonWithTorch.ts';
import recording from './testing/recorded.json' with { type: 'json' };

/** Debian's python3-torch, say; without it the tests compare with what was recorded from it. */
const SCRIPT = join(import.meta.dirname, 'testing', 'family.py');
const python = pythonWithTorch();

async function outputs(spec: FamilySpec, weights = formulaWeights(spec)): Promise<Float32Array> {
  const { size, points } = recording;
  const engine = await createOnnxFamilyEngine({ ...spec, resolution: size }, weights);
  try {
    const crop = await engine.encode(formulaNumbers('image', size ** 3).map((value) => 2 * value));
    const values = await crop.evaluate(
      formulaNumbers('points', 3 * points).map((value) => value * Math.fround(2.2)),
    );
    crop.free();
    return values;
  } finally {
    await engine.free();
  }
}

const bytesOf = (data: Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** The largest difference, as a share of the largest value. */
function disagreement(found: Float32Array, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, index) => Math.abs(value - found[index]!))) / largest;
}

describe('the NUDF family', () => {
  it('has the sizes that the paper gives', () => {
    const millions = FAMILY_NAMES.map((name) => {
      const entries = familyLayout(familySpec(name), ['a', '0', '1', '2', '3']);
      const trained = entries.filter((entry) => !/mean$|variance$/.test(entry.name));
      return (trained.reduce((sum, { shape }) => sum + elementCount(shape), 0) / 1e6).toFixed(2);
    });
    expect(millions).toEqual(['2.48', '2.55', '2.58', '2.57']);
    expect(FAMILY_NAMES.map((name) => familyDecoderWidths(familySpec(name))[0]! / 7)).toEqual([
      353, 369, 377, 373,
    ]);
  });

  it.each(recording.recorded)(
    '$name with $outputs outputs, corners aligned: $alignCorners, gives what PyTorch gives',
    async ({ name, outputs: count, alignCorners, values }) => {
      const spec = familySpec(name as FamilySpec['name'], { outputs: count as 1 | 2, alignCorners });
      expect(disagreement(await outputs(spec), values)).toBeLessThan(1e-4);
    },
  );
});

describe('importFamilyCheckpoint', () => {
  const written = ['ShapeNet64Vox', 'ShapeNet128Vox', 'ShapeNet512Vox'] as const;
  let folder = '';
  // All by one process, for PyTorch takes a second to load.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'auricle-family-'));
    if (python === undefined) return;
    const checkpoints = written.flatMap((name) => [name, '2', join(folder, `${name}.tar`)]);
    expect(spawnSync(python, [SCRIPT, 'checkpoint', ...checkpoints], { stdio: 'inherit' }).status).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(python === undefined).each(written)(
    'reads a checkpoint of %s that PyTorch wrote (skipped without PyTorch)',
    async (name) => {
      const imported = await importFamilyCheckpoint(
        new Uint8Array(readFileSync(join(folder, `${name}.tar`))),
        'checkpoint_epoch_260.tar',
      );
      expect(imported).toMatchObject({ epoch: 260, spec: { name, outputs: 2, alignCorners: true } });
      const expected = formulaWeights(imported.spec);
      expect([...imported.weights.keys()]).toEqual([...expected.keys()]);
      for (const [weight, { data }] of expected) {
        expect(Buffer.compare(bytesOf(imported.weights.get(weight)!.data), bytesOf(data)), weight).toBe(0);
      }
    },
  );

  it('refuses a checkpoint of another network, and one that calls code', async () => {
    await expect(importFamilyCheckpoint(recordedFile('checkpoint.tar'), 'checkpoint.tar')).rejects.toThrow(
      /is not of ShapeNet64Vox, .*weight, part, shared/,
    );
    await expect(importFamilyCheckpoint(recordedFile('evil.tar'), 'evil.tar')).rejects.toThrow(/eval/);
  });
});
