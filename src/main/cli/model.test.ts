import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { InferenceSession } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { writeModel } from '../models/packModel.ts';
import { readSafetensors } from '../nudf/network/safetensors.ts';
import { registerModelCommand } from './model.ts';

const spec: RegionNetworkSpec = {
  kind: 'region-unet',
  resolution: 4,
  clipHu: 1000,
  channels: [4, 4],
  normGroups: 2,
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-model-cli-'));
  vi.stubEnv('AURICLE_MODELS', folder);
  const training = { recipe: 'tiny.json', steps: 1, seed: 1, metrics: {} };
  const details = {
    id: 'tiny',
    version: '1.0.0',
    kind: 'region',
    spec,
    trainedOn: 'synthetic',
    training,
  } as const;
  await writeModel(folder, details, initializeWeights(spec, 1), '# Tiny\n');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

/** Runs the command; what it printed and the exit code that it set. */
async function run(...words: string[]): Promise<{ out: string; error: string; exitCode: unknown }> {
  const printed = { out: '', error: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.error += String(text);
    return true;
  });
  const program = new Command();
  registerModelCommand(program);
  await program.parseAsync(['model', ...words], { from: 'user' });
  vi.restoreAllMocks();
  return { ...printed, exitCode: process.exitCode };
}

describe('auricle model', () => {
  it('lists the models for people and for machines', async () => {
    // The bundled models come with them.
    expect((await run('list')).out).toMatch(/^tiny {2}region {2}1\.0\.0 .* trained on synthetic CT only$/m);
    const listings: unknown = JSON.parse((await run('list', '--json')).out);
    expect(listings).toContainEqual({
      id: 'tiny',
      default: false,
      manifest: expect.objectContaining({ kind: 'region' }),
    });
  });

  it('verifies checksums and fails in one sentence where one does not hold', async () => {
    expect(await run('verify')).toEqual({
      out: expect.stringMatching(/^tiny {2}[0-9a-f]{64} {2}ok$/m),
      error: '',
      exitCode: undefined,
    });
    await writeFile(join(folder, 'tiny', 'model.safetensors'), 'nothing');
    const failed = await run('verify', 'tiny');
    expect(failed.exitCode).toBe(1);
    expect(failed.out).toBe('');
    expect(failed.error).toMatch(/^auricle: The weights of the model "tiny" are not those .*\n$/);
  });

  it('exports ONNX graphs that load, and the weights file as it is', async () => {
    const output = join(folder, 'exported');
    expect((await run('export', 'tiny', '-o', output)).out).toBe('tiny.region.onnx\n');
    const session = await InferenceSession.create(await readFile(join(output, 'tiny.region.onnx')));
    expect(session.outputNames).toEqual(['logits']);
    await session.release();
    await run('export', 'tiny', '--format', 'safetensors', '-o', output);
    const { metadata } = readSafetensors(await readFile(join(output, 'tiny.safetensors')));
    expect(metadata).toEqual({ id: 'tiny', version: '1.0.0', trainedOn: 'synthetic' });
  });

  it('writes nothing for a model that is not there', async () => {
    const output = join(folder, 'exported');
    const failed = await run('export', 'other', '-o', output);
    expect([failed.exitCode, failed.error]).toEqual([1, expect.stringMatching(/There is no model "other"/)]);
    expect(await readdir(folder)).toEqual(['tiny']);
  });
});
