import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bundleForDownload } from './downloads.ts';

const file = (name: string, ...bytes: number[]) => ({ name, bytes: Uint8Array.from(bytes) });
const pack = async (entries: Readonly<Record<string, Uint8Array>>) => zipSync({ ...entries });

describe('bundleForDownload', () => {
  it('leaves a single file alone', async () => {
    const only = file('a.stl', 1, 2, 3);
    expect(await bundleForDownload([only], 'all.zip', pack)).toBe(only);
  });

  it('puts several files into one ZIP that reads back', async () => {
    const { name, bytes } = await bundleForDownload(
      [file('a.stl', 1, 2), file('b.json', 3)],
      'all.zip',
      pack,
    );
    expect(name).toBe('all.zip');
    expect(unzipSync(bytes)).toEqual({ 'a.stl': Uint8Array.of(1, 2), 'b.json': Uint8Array.of(3) });
  });
});
