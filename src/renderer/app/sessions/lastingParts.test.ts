import { expect, it } from 'vitest';
import { compressPart, packSession, type SessionParts, unpackSession } from '#shared/sessionArchive.ts';
import { lastingParts } from './lastingParts.ts';

it('compresses a surface once for as long as it is the same, and again where another takes its place', async () => {
  const compressed: string[][] = [];
  const withLasting = lastingParts(async (parts) => {
    compressed.push(Object.keys(parts));
    return Object.fromEntries(
      Object.entries(parts).map(([name, bytes]) => [`${name}.gz`, compressPart(bytes)]),
    );
  });
  const memory = Uint8Array.from({ length: 64 }, (_, at) => at);
  // Views of one memory, made anew with each save, as those of a session are.
  const session = (appendage: Uint8Array): SessionParts => ({
    'session.json': Uint8Array.of(1),
    'labels.u8': Uint8Array.of(0, 1),
    'original.positions.f32': memory.subarray(0, 32),
    'original.triangles.u32': memory.subarray(32),
    'appendage.positions.f32': appendage.subarray(0),
  });
  const [first, second] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)];
  for (const appendage of [first, first, second, first]) {
    const parts = await withLasting(session(appendage));
    expect(Object.keys(parts).slice(0, 2)).toEqual(['session.json', 'labels.u8']);
    expect(unpackSession(packSession(parts))).toMatchObject(session(appendage));
  }
  expect(compressed).toEqual([
    ['original.positions.f32', 'original.triangles.u32', 'appendage.positions.f32'],
    ['appendage.positions.f32'],
    ['appendage.positions.f32'],
  ]);
});

it('leaves parts as they are that are not worth compressing', async () => {
  const parts = { 'a.f32': Uint8Array.of(1, 2), 'history.bin': Uint8Array.of(3) };
  expect(await lastingParts(async () => ({}))(parts)).toEqual(parts);
});
