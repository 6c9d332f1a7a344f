import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '#shared/random/random.ts';
import { webGpuForTests } from '../../../test/swiftshader.ts';
import { evaluateNamed } from './evaluateShape.ts';
import { FAR_MM } from './scene.ts';
import { compileTape } from './tape.ts';
import { evaluateNamedGpu } from './testing/evaluateShapeGpu.ts';
import { randomScene } from './testing/testScenes.ts';

const gpu = await webGpuForTests();

describe.skipIf(!gpu)('the tape on the GPU', () => {
  afterAll(() => gpu?.free());

  it.each([1, 2])('gives the numbers of the CPU, for every shape of scene %i', async (seed) => {
    const scene = randomScene(seed);
    const tape = compileTape(scene);
    const random = createRandom(seed + 100);
    const points = Float32Array.from({ length: 3 * 800 }, () => random.uniform(-45, 45));
    for (const { name } of scene.shapes) {
      const expected = evaluateNamed(tape, name, points);
      const actual = await evaluateNamedGpu(gpu!.device, tape, name, points);
      let largest = 0;
      for (let n = 0; n < expected.length; n++) {
        // Beyond FAR_MM either may answer with a bound.
        if (Math.min(expected[n]!, actual[n]!) >= FAR_MM) continue;
        largest = Math.max(largest, Math.abs(expected[n]! - actual[n]!));
      }
      expect(largest, name).toBeLessThan(1e-3);
    }
  });
});
