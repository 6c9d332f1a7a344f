import { expect, it } from 'vitest';
import { loadModelOfKind } from '#main/models/modelRegistry.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { averageToGrid } from '#shared/volume/averageToGrid.ts';
import { createOnnxRegionEngine } from '../engine/onnxRegionEngine.ts';
import { boundingBoxLps, boxGridLps, cubeBox, ZOOM_EDGE_MM } from './regionBlocks.ts';

// Slow: two runs of the bundled network.
it('the bundled network takes no part of plain tissue for an appendage, in the whole scan or up close', async () => {
  const { manifest, weights } = await loadModelOfKind('region');
  const engine = await createOnnxRegionEngine(manifest.spec, weights, { threads: 1 });
  // Smaller than the cube that is looked at up close: its borders are seen.
  const grid = cubeGridLps([0, 0, 40], 80, 32);
  const tissue = { grid, data: new Int16Array(32 ** 3).fill(40) };
  for (const box of [boundingBoxLps(grid), cubeBox([0, 0, 40], ZOOM_EDGE_MM)]) {
    const block = averageToGrid(tissue, boxGridLps(box, manifest.spec.resolution));
    const probability = await engine.detect(block);
    // Less than detectRegion.ts asks of a find.
    expect(probability.reduce((highest, value) => Math.max(highest, value))).toBeLessThan(0.5);
  }
  await engine.free();
});
