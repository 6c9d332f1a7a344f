import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recorded } from '../testing/recorded.ts';
import { readCheckpoint, type TorchCheckpoint } from './checkpointFile.ts';
import { TorchTensor } from './tensors.ts';

const open = (name: string): Promise<TorchCheckpoint> => readCheckpoint(recorded(name), name);
const at = (value: unknown, ...keys: readonly unknown[]): unknown =>
  keys.reduce<unknown>((map, key) => (map instanceof Map ? map.get(key) : undefined), value);

async function valuesOf(checkpoint: TorchCheckpoint, name: string): Promise<number[]> {
  const tensor = at(checkpoint.root, 'model_state_dict', name);
  if (!(tensor instanceof TorchTensor)) throw new TypeError(`${name} is no tensor.`);
  return Array.from(await checkpoint.values(tensor));
}

describe.each(['checkpoint.tar', 'reordered.tar', 'legacy.tar'])('%s', (name) => {
  it('gives its tensors in C order: views, shared storages and every number type', async () => {
    const checkpoint = await open(name);
    expect(await valuesOf(checkpoint, 'weight')).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    expect(await valuesOf(checkpoint, 'part')).toEqual([5, 6, 9, 10]);
    expect(await valuesOf(checkpoint, 'shared')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await valuesOf(checkpoint, 'half')).toEqual([0.5, -2]);
    expect(await valuesOf(checkpoint, 'brain')).toEqual([1.5, -3]);
    expect(await valuesOf(checkpoint, 'count')).toEqual([7]);
    expect(await valuesOf(checkpoint, 'double')).toEqual([Math.fround(0.1)]);
    expect(await valuesOf(checkpoint, 'mask')).toEqual([1, 0]);
  });

  it('gives what else was saved as plain data', async () => {
    const { root } = await open(name);
    expect(at(root, 'epoch')).toBe(260);
    expect(at(root, 'training_time')).toBe(12.5);
    expect(at(root, 'val')).toBe(0.25);
    expect(at(root, 'size')).toEqual([3, 4]);
    expect(at(root, 'names')).toEqual(new Set(['a', 'b']));
    expect(at(root, 'none')).toBeNull();
    expect(at(root, 'large')).toBe(2n ** 70n);
    expect(at(root, 'text')).toBe('Aurikel æ');
    expect(at(root, 'optimizer_state_dict', 'state', 0, 'step')).toBe(3);
  });
});

it('refuses what is no plain data by its name, and runs none of it', async () => {
  await expect(open('evil.tar')).rejects.toThrow(/asks for "(__builtin__|builtins)\.eval"; only tensors/);
  await expect(open('module.tar')).rejects.toThrow(/asks for "torch\.nn\.modules\.linear\.Linear"/);
});

it('refuses a file that is no checkpoint', async () => {
  for (const name of ['plain.npz', 'c_f8.npy']) {
    await expect(open(name)).rejects.toThrow(`"${name}" is not a PyTorch checkpoint.`);
  }
  await expect(readCheckpoint(new Uint8Array(0), 'empty.tar')).rejects.toMatchObject({ name: 'UserError' });
});

it.each(['checkpoint.tar', 'legacy.tar'])(
  'answers damage of %s with a sentence, wherever it is',
  async (name) => {
    const whole = recorded(name);
    const readAll = async (bytes: Uint8Array): Promise<void> => {
      const checkpoint = await readCheckpoint(bytes, name);
      const state = at(checkpoint.root, 'model_state_dict');
      if (!(state instanceof Map)) return;
      for (const tensor of state.values()) if (tensor instanceof TorchTensor) await checkpoint.values(tensor);
    };
    for (let length = 0; length < whole.length; length += 61) {
      await expect(readAll(whole.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({
        name: 'UserError',
      });
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (place, byte) => {
        const damaged = whole.slice();
        damaged[place] = byte;
        const thrown = await readAll(damaged).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (thrown !== undefined) expect(thrown).toMatchObject({ name: 'UserError' });
      }),
    );
  },
);
