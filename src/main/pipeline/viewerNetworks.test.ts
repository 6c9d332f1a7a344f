import { expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import type { ViewerNetworks } from '#shared/nudf/engine/viewerTasks.ts';
import { familySpec } from '#shared/nudf/family/familySpec.ts';
import type { FieldModel } from '../models/modelRegistry.ts';
import { loadNetworkModels, type OpenNetworks } from './networks.ts';
import { openViewerNetworks } from './viewerNetworks.ts';

const models = await loadNetworkModels();
const { spec } = models.fields[0].manifest;
const cropHu = new Float32Array(spec.resolution ** 3);
const gone = () => Promise.reject(new UserError(failure('rpc.connection-lost')));
const remark = failure('engine.software', { engine: 'viewer', device: 'Some GPU' });
const wentOn = failure('engine.processor-went-on', { problem: 'lost' });

/** It computes on the processor in any case. */
const SURROUNDINGS: NonNullable<OpenNetworks['surroundings']> = {
  engine: { distances: gone, free: async () => undefined },
  spec: {
    kind: 'surroundings-unet',
    resolution: 16,
    clipHu: 1000,
    channels: [8],
    normGroups: 8,
    edgeMm: 96,
    reachMm: 14,
    structures: ['circumflex'],
  },
  errorsMm: {},
};

/** Networks on the processor, all of whose distances are 7 mm, and what is freed of them. */
function standby(isUnsigned = false) {
  const freed: string[] = [];
  const field: FieldEngine = {
    id: 'onnx',
    device: 'CPU',
    isUnsigned,
    encode: async () => ({
      evaluate: async (points) => {
        const signedMm = new Float32Array(points.length / 3).fill(7);
        return { signedMm, unsignedMm: signedMm };
      },
      free: () => void freed.push('crop'),
    }),
    free: async () => void freed.push('field'),
  };
  const region: OpenNetworks['region'] = {
    engine: {
      id: 'onnx',
      device: 'CPU',
      detect: async (block) => block.map(() => 0.7),
      free: async () => void freed.push('region'),
    },
    spec: models.region.manifest.spec,
  };
  const networks = {
    models,
    region,
    field: { engine: field, spec } as OpenNetworks['field'],
    surroundings: SURROUNDINGS,
    remarks: () => [],
    free: async () => undefined,
  };
  return { networks, freed };
}

/** A page all of whose distances are 3 mm. */
function page(replaced: Partial<ViewerNetworks> = {}) {
  const resets: string[] = [];
  const networks: ViewerNetworks = {
    async reset() {
      resets.push('reset');
      return {};
    },
    openField: async () => 0,
    openRegion: async () => 1,
    encode: async () => 2,
    async evaluate({ pointsNormalized }) {
      const signedMm = new Float32Array(pointsNormalized.length / 3).fill(3);
      // Two ways of three components, as the default network has.
      return { signedMm, unsignedMm: signedMm, toLandmarksMm: new Float32Array(2 * pointsNormalized.length) };
    },
    detect: async ({ blockHu }) => blockHu.map(() => 0.3),
    freeCrop: async () => ({}),
    ...replaced,
  };
  return { viewer: { device: 'Some GPU', remarks: [remark], networks }, resets };
}

const distanceMm = async ({ field }: OpenNetworks): Promise<number | undefined> => {
  const crop = await field.engine.encode(cropHu);
  try {
    return (await crop.evaluate(new Float32Array(3))).signedMm[0];
  } finally {
    crop.free();
  }
};

it("computes on the page's graphics processor, and leaves the engine that stands by open", async () => {
  const { viewer, resets } = page();
  const { networks, freed } = standby();
  const open = await openViewerNetworks(viewer, networks);
  expect(await distanceMm(open)).toBe(3);
  expect([open.field.engine.id, open.field.engine.device, open.remarks()]).toEqual([
    'viewer',
    'Some GPU',
    [remark],
  ]);
  await open.free();
  expect([resets.length, freed]).toEqual([2, []]);
});

it('computes an imported network there, and keeps in mind that it knows no sign, also where the processor goes on', async () => {
  const family = familySpec('ShapeNet64Vox');
  const imported: FieldModel = {
    ...models.fields[0],
    manifest: {
      kind: 'family',
      id: 'imported',
      version: '1.0.0',
      file: 'model.safetensors',
      bytes: 1,
      sha256: 'ab'.repeat(32),
      spec: family,
      heads: ['unsigned'],
      axes: 'zyx',
      trainedOn: 'unknown',
      checkpoint: { fileName: 'checkpoint.tar', sha256: 'cd'.repeat(32) },
    },
  };
  for (const replaced of [{}, { evaluate: gone }]) {
    const opened: unknown[] = [];
    const openField: ViewerNetworks['openField'] = async ({ spec: sent }) => opened.push(sent);
    const { networks } = standby(true);
    const withImported = { ...networks, models: { ...models, fields: [imported] as const } };
    const open = await openViewerNetworks(page({ openField, ...replaced }).viewer, withImported);
    expect([opened, open.field.engine.id]).toEqual([[{ ...family, heads: ['unsigned'] }], 'viewer']);
    expect(open.field.engine.isUnsigned).toBe(true);
    const crop = await open.field.engine.encode(new Float32Array(family.resolution ** 3));
    await crop.evaluate(new Float32Array(3));
    expect(open.field.engine.isUnsigned).toBe(true);
  }
});

it.each<[string, Partial<ViewerNetworks>]>([
  ['does not answer at all', { reset: gone }],
  ['cannot open a network', { openField: gone }],
  ['cannot encode', { encode: gone }],
  ['is lost between encoding and evaluating', { evaluate: gone }],
])('goes on by the engine that stands by where the page %s, and says why', async (_, replaced) => {
  const { networks, freed } = standby();
  const open = await openViewerNetworks(page(replaced).viewer, networks);
  expect(await distanceMm(open)).toBe(7);
  expect([open.field.engine.id, open.remarks()]).toEqual(['onnx', [remark, wentOn]]);
  expect(open.surroundings).toBe(SURROUNDINGS);
  await open.free();
  expect(freed).toEqual(['crop']);
});

it('goes on where the region cannot be detected there', async () => {
  const { networks } = standby();
  const open = await openViewerNetworks(page({ detect: gone }).viewer, networks);
  const block = new Float32Array(open.region.spec.resolution ** 3);
  expect((await open.region.engine.detect(block))[0]).toBeCloseTo(0.7);
  expect(open.remarks()).toEqual([remark, wentOn]);
  // Neither is the other network tried there again, and the status shows what computes.
  expect(open.field.engine.id).toBe('onnx');
  expect(await distanceMm(open)).toBe(7);
});
