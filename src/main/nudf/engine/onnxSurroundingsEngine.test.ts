import { afterEach, expect, it, vi } from 'vitest';
import type { SurroundingsNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import * as coarse from './onnxCoarseNetwork.ts';
import { createOnnxSurroundingsEngine } from './onnxSurroundingsEngine.ts';

afterEach(() => vi.restoreAllMocks());

const SPEC: SurroundingsNetworkSpec = {
  kind: 'surroundings-unet',
  resolution: 8,
  clipHu: 1000,
  channels: [4, 8],
  normGroups: 2,
  edgeMm: 96,
  reachMm: 14,
  structures: ['leftAtrium', 'circumflex'],
};

it('opens its network at the first look, and again where that failed', async () => {
  const open = vi.spyOn(coarse, 'openCoarseNetwork');
  const engine = await createOnnxSurroundingsEngine(SPEC, initializeWeights(SPEC, 3));
  expect(open).not.toHaveBeenCalled();
  open.mockRejectedValueOnce(new Error('no memory left'));
  const cubeHu = new Float32Array(8 ** 3);
  await expect(engine.distances(cubeHu)).rejects.toThrow('no memory left');
  expect(await engine.distances(cubeHu)).toHaveLength(2 * 8 ** 3);
  await engine.distances(cubeHu);
  expect(open).toHaveBeenCalledTimes(2);
  await engine.free();
});
