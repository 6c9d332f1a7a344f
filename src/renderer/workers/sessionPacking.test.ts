import { describe, expect, it } from 'vitest';
import { compressPart, packSession, unpackSession } from '#shared/sessionArchive.ts';
import { compress, pack, unpack } from './sessionPacking.ts';

const large = Uint8Array.from({ length: 50_000 }, (_, at) => (at * at) % 251);
const PARTS = {
  'session.json': new TextEncoder().encode('{}'),
  'labels.u8': new Uint8Array(50_000).fill(1, 100, 900),
  'atrium.f32': large,
  empty: new Uint8Array(),
};

describe('packing by the browser', () => {
  it('makes archives that a script unpacks to the same parts, and much smaller ones', async () => {
    const archive = await pack({ ...PARTS, 'crop.i16.gz': await compress(large) });
    expect(archive.length).toBeLessThan(large.length / 10);
    expect(unpackSession(archive)).toMatchObject({ ...PARTS, 'crop.i16': large });
  });

  it('unpacks what a script packed, each part compressed beforehand or not', async () => {
    const packed = packSession({ ...PARTS, 'crop.i16.gz': compressPart(large) });
    expect(await unpack(packed)).toEqual({ ...unpackSession(packed) });
    expect(await unpack(packed)).toMatchObject({ ...PARTS, 'crop.i16': large });
  });

  it('refuses damaged archives and damaged parts', async () => {
    await expect(unpack(Uint8Array.of(1, 2, 3))).rejects.toThrow();
    const flipped = await compress(large);
    flipped[flipped.length - 20]! ^= 255;
    await expect(unpack(packSession({ 'crop.i16.gz': flipped }))).rejects.toThrow();
  });
});
