import { describe, expect, it } from 'vitest';
import { compressPart, packSession, unpackSession } from './sessionArchive.ts';

describe('session archive', () => {
  it('restores every part, compressed beforehand or not', () => {
    const crop = Uint8Array.from({ length: 5000 }, (_, at) => (at * at) % 251);
    const labels = new Uint8Array(5000).fill(1, 100, 900);
    const compressed = compressPart(crop);
    const archive = packSession({
      'crop.i16.gz': compressed,
      'labels.u8': labels,
      empty: new Uint8Array(),
    });
    const parts = unpackSession(archive);
    expect(Object.keys(parts).sort()).toEqual(['crop.i16', 'crop.i16.gz', 'empty', 'labels.u8']);
    expect(parts['crop.i16.gz']).toEqual(compressed);
    expect(parts['crop.i16']).toEqual(crop);
    expect(parts['labels.u8']).toEqual(labels);
    expect(parts.empty).toEqual(new Uint8Array());
  });

  it('refuses bytes that are not an archive', () => {
    expect(() => unpackSession(Uint8Array.of(1, 2, 3))).toThrow();
  });
});
