import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { isMissing, systemCodeOf } from './systemCode.ts';

const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('Nothing was thrown.');
};

it("gives the system's code, and none for mistakes of the program and of data", async () => {
  const missing = await thrownBy(() => readFile(join(import.meta.dirname, 'nothing-there')));
  expect(systemCodeOf(missing)).toBe('ENOENT');
  expect(isMissing(missing)).toBe(true);
  const folder = await thrownBy(() => readFile(import.meta.dirname));
  expect(systemCodeOf(folder)).toBe('EISDIR');
  expect(isMissing(folder)).toBe(false);
  expect(systemCodeOf(await thrownBy(() => readFile('a\0b')))).toBeUndefined();
  expect(systemCodeOf(await thrownBy(() => inflateRawSync(Uint8Array.of(255))))).toBeUndefined();
  expect(systemCodeOf('ENOENT')).toBeUndefined();
});
