import { describe, expect, it } from 'vitest';
import { platformAssembly } from './assembly.ts';
import * as code from './instructions.ts';
import { moduleBytes } from './moduleBytes.ts';

const { END, get, I32, I32_ADD, i32Const, set, tee } = code;
const assembly = platformAssembly()!;
const STORE_I32 = [0x36, 0x02, 0x00];

/** An instance of a module on a memory of one page, and that memory's whole numbers. */
function instanceOf(bytes: Uint8Array<ArrayBuffer>) {
  const memory = new assembly.Memory({ initial: 1 });
  const { exports } = new assembly.Instance(new assembly.Module(bytes), { host: { memory } });
  return {
    words: new Int32Array(memory.buffer),
    exports: exports as Record<string, (...of: number[]) => void>,
  };
}

describe('modules written as bytes', () => {
  it('export functions of different parameters on the memory that is imported', () => {
    const { words, exports } = instanceOf(
      moduleBytes({
        memory: 'imported',
        functions: [
          {
            name: 'storeSum',
            parameters: [I32, I32, I32],
            body: [0, ...get(0), ...get(1), ...get(2), I32_ADD, ...STORE_I32, END],
          },
          { name: 'storeOne', parameters: [I32], body: [0, ...get(0), ...i32Const(1), ...STORE_I32, END] },
        ],
      }),
    );
    exports.storeSum!(8, 20, 22);
    exports.storeOne!(4);
    expect([...words.subarray(0, 4)]).toEqual([0, 1, 42, 0]);
  });

  it('hold whole numbers of any length', () => {
    const numbers = [0, 1, 63, 64, 127, 128, 8191, 8192, 65_535, 1_000_000];
    const { words, exports } = instanceOf(
      moduleBytes({
        memory: 'imported',
        functions: numbers.map((value, index) => ({
          name: `store${index}`,
          parameters: [I32],
          body: [0, ...get(0), ...i32Const(value), ...STORE_I32, END],
        })),
      }),
    );
    for (const index of numbers.keys()) exports[`store${index}`]!(4 * index);
    expect([...words.subarray(0, numbers.length)]).toEqual(numbers);
  });

  it('loop, and reach numbers by offsets beyond one byte, on a memory of their own', () => {
    const [at, total] = [1, 2];
    const bytes = moduleBytes({
      memory: 'own',
      functions: [
        {
          // Twice the sum of both numbers of each pair from byte 400 on, up to `end`: to byte 800.
          name: 'sums',
          parameters: [I32],
          body: [
            ...[2, 1, I32, 1, code.V128],
            ...code.LOOP,
            ...[...get(total), ...get(at), ...code.loadV128(400), ...code.ADD_F64X2, ...set(total)],
            ...[...get(at), ...i32Const(16), I32_ADD, ...tee(at), ...get(0), code.I32_LT_U],
            ...code.BRANCH_IF_0,
            END,
            ...[...i32Const(0), ...get(total), ...get(total), ...code.ADD_F64X2, ...code.storeV128(800)],
            END,
          ],
        },
      ],
    });
    const { exports } = new assembly.Instance(new assembly.Module(bytes), {});
    const { memory, sums } = exports as {
      memory: { buffer: ArrayBuffer };
      sums: (end: number) => void;
    };
    expect(memory.buffer.byteLength).toBe(65_536);
    new Float64Array(memory.buffer, 400).set([1, 2, 3, 4, 5, 6]);
    sums(48);
    expect([...new Float64Array(memory.buffer, 800, 2)]).toEqual([18, 24]);
  });

  it('are refused by the platform where a body lacks its end', () => {
    const functions = [{ name: 'endless', parameters: [], body: [0] }];
    expect(assembly.validate(moduleBytes({ memory: 'imported', functions }))).toBe(false);
  });
});
