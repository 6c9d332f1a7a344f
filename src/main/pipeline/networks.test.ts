import { afterEach, expect, it, vi } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FieldEngine, RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { chooseTile, tileName } from '#shared/nudf/kernels/gemmTiles.ts';
import * as engines from '../nudf/engine/selectEngine.ts';
import { loadNetworkModels, openNetworks } from './networks.ts';

const models = await loadNetworkModels();
const noMemory = failure('engine.gpu-memory');

/** Engines that compute nothing, and note what is opened and freed; on a graphics processor the field does not open. */
function watchEngines(): string[] {
  const notes: string[] = [];
  const free = (what: string) => async (): Promise<void> => void notes.push(`free ${what}`);
  vi.spyOn(engines, 'selectEngine').mockImplementation(async (choice) => {
    const id = choice === 'onnx' ? 'onnx' : 'webgpu';
    const about = { id, device: id } as const;
    notes.push(`open ${id}`);
    return {
      ...about,
      isSoftware: id === 'onnx',
      reasons: [],
      regionEngine: async (): Promise<RegionEngine> => ({
        ...about,
        detect: async (block) => block,
        free: free('region'),
      }),
      fieldEngine: async (): Promise<FieldEngine> => {
        if (id === 'webgpu') throw new UserError(noMemory);
        const encode = () => Promise.reject(new Error('Nothing is computed here.'));
        return { ...about, isUnsigned: false, encode, free: free('field') };
      },
      free: free(id),
    };
  });
  return notes;
}

afterEach(() => vi.restoreAllMocks());

it('falls back to ONNX Runtime where the engine that auto chose does not start, and says why', async () => {
  const notes = watchEngines();
  const networks = await openNetworks(models, { engine: 'auto' });
  // What was opened of the first engine is freed before the second one starts.
  expect(notes).toEqual(['open webgpu', 'free region', 'free webgpu', 'open onnx']);
  expect(networks.field.engine.id).toBe('onnx');
  expect(networks.remarks()).toEqual([failure('engine.not-started', { reason: noMemory })]);

  await networks.free();
  expect(notes.slice(4)).toEqual(['free field', 'free region', 'free onnx']);
});

it('replaces no engine that was asked for by name, and leaves nothing of it open', async () => {
  const notes = watchEngines();
  await expect(openNetworks(models, { engine: 'webgpu' })).rejects.toMatchObject({ failure: noMemory });
  expect(notes).toEqual(['open webgpu', 'free region', 'free webgpu']);
});

it('has a graphics processor compile all that any number of points needs', async () => {
  const evaluated: number[] = [];
  let detected = 0;
  const about = { id: 'webgpu', device: 'webgpu' } as const;
  const free = async () => undefined;
  const field: FieldEngine = {
    ...about,
    isUnsigned: false,
    encode: async () => ({
      async evaluate(points) {
        evaluated.push(points.length / 3);
        return { signedMm: new Float32Array(), unsignedMm: new Float32Array() };
      },
      free: () => undefined,
    }),
    free,
  };
  const detect = async (block: Float32Array): Promise<Float32Array> => {
    detected++;
    return block;
  };
  const open = async (isSoftware: boolean) => {
    vi.spyOn(engines, 'selectEngine').mockResolvedValue({
      ...about,
      isSoftware,
      reasons: [],
      regionEngine: async () => ({ ...about, detect, free }),
      fieldEngine: async () => field,
      free,
    });
    await (await openNetworks(models, { engine: 'webgpu' })).free();
  };
  await open(false);
  expect(detected).toBe(1);
  const [{ manifest }] = models.fields;
  const widths = manifest.spec.kind === 'nudf-dual' ? manifest.spec.hidden : [];
  expect(widths.length).toBeGreaterThan(0);
  const tilesFor = (count: number): string =>
    widths.map((width) => tileName(chooseTile(count, width))).join();
  // So many are decoded at once (webgpuEngine.ts).
  const counts = Array.from({ length: 16_384 }, (_, n) => n + 1);
  expect(new Set(evaluated.map(tilesFor))).toEqual(new Set(counts.map(tilesFor)));
  // Software would take longer to compute them than to compile.
  evaluated.length = 0;
  await open(true);
  expect(evaluated).toEqual([1]);
});

it('takes the network of the surroundings where it is asked for alone', async () => {
  expect(models.surroundings).toBeUndefined();
  const { surroundings } = await loadNetworkModels({ surroundings: true });
  expect(surroundings?.manifest.id).toBe('laa-surroundings-64-septum');
});
