import { describe, expect, it } from 'vitest';
import type { FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { meanFieldEngine } from './meanFieldEngine.ts';

/** An engine whose fields are the sum of the crop plus `offset`, everywhere; counts what it holds. */
function constantEngine(offset: number, held: { crops: number; engines: number }): FieldEngine {
  held.engines++;
  return {
    id: 'onnx',
    device: 'test',
    isUnsigned: false,
    async encode(cropHu) {
      if (Number.isNaN(cropHu[0])) throw new Error('not a number');
      held.crops++;
      const value = cropHu.reduce((sum, hu) => sum + hu, 0) + offset;
      return {
        evaluate: async (points) => ({
          signedMm: new Float32Array(points.length / 3).fill(value),
          unsignedMm: new Float32Array(points.length / 3).fill(2 * value),
        }),
        free: () => {
          held.crops--;
        },
      };
    },
    async free() {
      held.engines--;
    },
  };
}

describe('meanFieldEngine', () => {
  it('gives the means of both fields and frees all that it took', async () => {
    const held = { crops: 0, engines: 0 };
    const engine = meanFieldEngine([
      constantEngine(1, held),
      constantEngine(4, held),
      constantEngine(-2, held),
    ]);
    const crop = await engine.encode(Float32Array.of(10, 20));
    const { signedMm, unsignedMm } = await crop.evaluate(new Float32Array(6));
    expect([...signedMm]).toEqual([31, 31]);
    expect([...unsignedMm]).toEqual([62, 62]);
    expect(held).toEqual({ crops: 3, engines: 3 });
    crop.free();
    await engine.free();
    expect(held).toEqual({ crops: 0, engines: 0 });
  });

  it('keeps no crop where one engine fails', async () => {
    const held = { crops: 0, engines: 0 };
    const failing: FieldEngine = {
      ...constantEngine(0, held),
      encode: async () => Promise.reject(new Error('lost')),
    };
    const engine = meanFieldEngine([constantEngine(0, held), failing]);
    await expect(engine.encode(Float32Array.of(1))).rejects.toThrow('lost');
    expect(held.crops).toBe(0);
  });
});
