import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bundleForDownload } from './downloads.ts';

const file = (name: string, ...bytes: number[]) => ({ name, bytes: Uint8Array.from(bytes) });

describe('bundleForDownload', () => {
  it('leaves a single file alone', () => {
    const only = file('a.stl', 1, 2, 3);
    expect(bundleForDownload([only], 'all.zip')).toBe(only);
  });

  it('puts several files into one ZIP that reads back', () => {
    const { name, bytes } = bundleForDownload([file('a.stl', 1, 2), file('b.json', 3)], 'all.zip');
    expect(name).toBe('all.zip');
    expect(unzipSync(bytes)).toEqual({ 'a.stl': Uint8Array.of(1, 2), 'b.json': Uint8Array.of(3) });
  });
});
