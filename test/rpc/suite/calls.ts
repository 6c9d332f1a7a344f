import { expect, it } from 'vitest';
import type { RpcBench } from './rpcBench.ts';

/** Calls and their answers. */
export function testCalls(bench: () => RpcBench): void {
  it('answers a call', async () => {
    const rpc = bench();
    expect(await rpc.client.services.numbers.double({ value: 21 })).toBe(42);
  });

  it('answers many calls at once, each to its caller', async () => {
    const rpc = bench();
    const values = Array.from({ length: 50 }, (_, at) => at);
    const answers = await Promise.all(values.map((value) => rpc.client.services.numbers.double({ value })));
    expect(answers).toEqual(values.map((value) => 2 * value));
  });

  it('passes typed arrays as typed arrays, and leaves those of the sender unchanged', async () => {
    const rpc = bench();
    const sent = {
      crop: new Int16Array([-1024, 3071]),
      labels: new Uint8Array([0, 1, 255]),
      positions: new Float32Array([0.5, -1.25]),
      triangles: new Uint32Array([0, 1, 4_000_000_000]),
    };
    expect(await rpc.client.services.arrays.echo(sent)).toEqual(sent);
    expect(sent.crop).toHaveLength(2);
  });

  it('passes a crop of 16 MB', async () => {
    const rpc = bench();
    const crop = Int16Array.from({ length: 8 << 20 }, (_, at) => at);
    const none = new Uint8Array();
    const answer = await rpc.client.services.arrays.echo({
      crop,
      labels: none,
      positions: new Float32Array(),
      triangles: new Uint32Array(),
    });
    expect(answer.crop.findIndex((value, at) => value !== crop[at])).toBe(-1);
    expect(answer.crop).toHaveLength(crop.length);
  });
}
