import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recorded } from '../testing/recorded.ts';
import { readNpy, writeNpy } from './npy.ts';
import { npyHeader } from './npyHeader.ts';
import { readNpyText, writeNpyText } from './npyText.ts';
import { openNpz, writeNpz } from './npz.ts';
import { parsePythonLiteral } from './pythonLiteral.ts';

const read = (name: string) => readNpy(recorded(name), name);
const counted = Array.from({ length: 24 }, (_, index) => index);
const throwsFailure = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) });
const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};

describe('readNpy', () => {
  it('reads what NumPy wrote: any number type, byte order and order of axes', () => {
    expect(read('c_f8.npy')).toEqual({
      dtype: 'f8',
      shape: [2, 3, 4],
      data: Float64Array.from(counted, (n) => n / 8),
    });
    // The same values although the file holds the first axis fastest.
    expect(read('fortran_f4.npy').data).toEqual(Float32Array.from(counted, (n) => n / 8));
    expect(read('big_i2.npy').data).toEqual(Int16Array.from(counted, (n) => n - 12));
    expect(read('bool.npy').data).toEqual(Uint8Array.from(counted, (n) => (n % 3 === 0 ? 1 : 0)));
    expect(read('int64.npy').data).toEqual(BigInt64Array.of(2n ** 60n, -1n));
    expect(read('half.npy').data).toEqual(
      Float32Array.of(0, -0.5, 65504, 2 ** -24, Number.POSITIVE_INFINITY, Number.NaN),
    );
    expect(read('scalar.npy')).toEqual({ dtype: 'f4', shape: [], data: Float32Array.of(2.5) });
    expect(read('empty.npy')).toEqual({ dtype: 'f8', shape: [0, 3], data: new Float64Array(0) });
  });

  it('refuses Python objects, for they would have to be run, and what is no number', () => {
    expect(thrownBy(() => read('objects.npy'))).toEqual(throwsFailure('numpy.pickled'));
    expect(thrownBy(() => read('text.npy'))).toEqual(throwsFailure('numpy.dtype'));
    expect(thrownBy(() => read('record.npy'))).toEqual(throwsFailure('numpy.dtype'));
  });

  it('refuses a file that was cut anywhere, or has too much, in one sentence', () => {
    const whole = recorded('c_f8.npy');
    for (let length = 0; length < whole.length; length++) {
      expect(
        thrownBy(() => readNpy(whole.subarray(0, length), 'cut.npy')),
        `${length} bytes`,
      ).toMatchObject({
        name: 'UserError',
      });
    }
    const long = new Uint8Array(whole.length + 1);
    long.set(whole);
    expect(thrownBy(() => readNpy(long, 'long.npy'))).toEqual(throwsFailure('numpy.trailing'));
  });

  it('never fails with anything but a sentence, whatever the bytes', () => {
    const whole = recorded('fortran_f4.npy');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = whole.slice();
        damaged[at] = byte;
        const thrown = thrownBy(() => readNpy(damaged, 'damaged.npy'));
        if (thrown !== undefined) expect(thrown).toMatchObject({ name: 'UserError' });
      }),
    );
  });
});

describe('writeNpy', () => {
  it("writes NumPy's own bytes", () => {
    expect(
      writeNpy(
        Float64Array.from(counted, (n) => n / 8),
        [2, 3, 4],
      ),
    ).toEqual(recorded('c_f8.npy'));
    expect(writeNpy(BigInt64Array.of(2n ** 60n, -1n), [2])).toEqual(recorded('int64.npy'));
  });

  it('begins the data at a multiple of 64 bytes', () => {
    for (const shape of [[1], [1234567, 3], [512, 512, 512]])
      expect(npyHeader('f4', shape).length % 64).toBe(0);
  });

  it('refuses a shape that the values do not fill', () => {
    expect(() => writeNpy(new Float32Array(5), [2, 3])).toThrow(RangeError);
  });
});

describe('text', () => {
  it("reads NumPy's text, and writes NumPy's own bytes", () => {
    expect(readNpyText(recorded('text.npy'), 'text.npy')).toEqual(['abc']);
    expect(writeNpyText(['abc'])).toEqual(recorded('text.npy'));
    expect(readNpyText(recorded('bytes.npy'), 'bytes.npy')).toEqual(['abc', 'de']);
    expect(readNpyText(recorded('big_text.npy'), 'big_text.npy')).toEqual(['Æ', 'ab']);
    expect(readNpyText(recorded('empty.npy'), 'empty.npy')).toEqual([]);
  });

  it('reads what it wrote, of any alphabet', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !text.includes('\0')),
          { maxLength: 6 },
        ),
        (values) => {
          expect(readNpyText(writeNpyText(values), 'own.npy')).toEqual(values);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('refuses numbers, objects, codes that are no characters, and a file that was cut', () => {
    const thrownFor = (bytes: Uint8Array) => thrownBy(() => readNpyText(bytes, 'x.npy'));
    expect(thrownFor(recorded('c_f8.npy'))).toEqual(throwsFailure('numpy.not-text'));
    expect(thrownFor(recorded('objects.npy'))).toEqual(throwsFailure('numpy.pickled'));
    const whole = recorded('text.npy');
    expect(thrownFor(whole.subarray(0, whole.length - 1))).toEqual(throwsFailure('numpy.ends-early'));
    const damaged = whole.slice();
    damaged[whole.length - 1] = 0x7f;
    expect(thrownFor(damaged)).toEqual(throwsFailure('numpy.not-text'));
  });
});

describe('npz', () => {
  it('reads what NumPy wrote, compressed or not', async () => {
    for (const name of ['plain.npz', 'compressed.npz']) {
      const npz = await openNpz(recorded(name), name);
      expect(await npz.array('points')).toEqual({
        dtype: 'f8',
        shape: [8, 3],
        data: Float64Array.from(counted),
      });
    }
    expect((await openNpz(recorded('plain.npz'), 'plain.npz')).names).toEqual(['points', 'occupancies']);
  });

  it('reads what it wrote, and writes the same bytes for the same arrays', async () => {
    const arrays = {
      points: { data: Float32Array.from(counted), shape: [8, 3] },
      labels: { data: Uint8Array.of(1, 0), shape: [2] },
      names: ['a', 'bc'],
    };
    for (const isCompressed of [true, false]) {
      const bytes = await writeNpz(arrays, { isCompressed });
      expect(await writeNpz(arrays, { isCompressed })).toEqual(bytes);
      const npz = await openNpz(bytes, 'own.npz');
      expect(await npz.array('points')).toEqual({ dtype: 'f4', ...arrays.points });
      expect(await npz.array('labels')).toEqual({ dtype: 'u1', ...arrays.labels });
      expect(await npz.text('names')).toEqual(arrays.names);
    }
  });

  it('gives the same array or refuses it, whichever byte of the archive is another', async () => {
    const points = { data: Float32Array.from(counted), shape: [8, 3] };
    for (const isCompressed of [true, false]) {
      const whole = await writeNpz({ points }, { isCompressed });
      let refused = 0;
      for (let at = 0; at < whole.length; at++) {
        const damaged = whole.slice();
        damaged[at]! ^= 0x55;
        try {
          expect(await (await openNpz(damaged, 'damaged.npz')).array('points')).toMatchObject(points);
        } catch (thrown) {
          expect(thrown).toMatchObject({ name: 'UserError' });
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(points.data.byteLength / 2);
    }
  });

  it('names what is missing, and refuses an archive that was cut', async () => {
    const npz = await openNpz(recorded('plain.npz'), 'plain.npz');
    await expect(npz.array('grid_coords')).rejects.toThrow(
      '"plain.npz" holds no array "grid_coords"; it holds "points", "occupancies".',
    );
    const whole = recorded('plain.npz');
    for (let length = 0; length < whole.length; length += 7) {
      await expect(openNpz(whole.subarray(0, length), 'cut.npz'), `${length} bytes`).rejects.toEqual(
        throwsFailure('numpy.not-npz'),
      );
    }
    const damaged = whole.slice();
    damaged[200]! ^= 1;
    await expect((await openNpz(damaged, 'damaged.npz')).array('points')).rejects.toEqual(
      throwsFailure('numpy.not-npz'),
    );
  });
});

describe('parsePythonLiteral', () => {
  it('reads what headers are written in', () => {
    expect(parsePythonLiteral(` {'a': (1, 2L,), "b": [(3,), (4)], 'c': None, } \n`)).toEqual(
      new Map<string, unknown>([
        ['a', [1, 2]],
        ['b', [[3], 4]],
        ['c', null],
      ]),
    );
  });

  it('refuses code, and nesting without end', () => {
    for (const text of ["__import__('os')", '{1}', "{'a': }", "'open", '1 2', '', '('.repeat(10_000)])
      expect(() => parsePythonLiteral(text), text.slice(0, 20)).toThrow(SyntaxError);
  });
});
