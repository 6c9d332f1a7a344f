import { expect, it } from 'vitest';
import { measured } from '#shared/contract/testing/values.ts';
import { decodePly } from '../interchange/ply.ts';
import { decodeVtp } from '../interchange/vtp.ts';
import { meshFiles } from './meshFiles.ts';
import { type ExportRequest, meshProduct } from './meshProducts.ts';

const { closed } = measured;
const vertices = closed.positionsLpsMm.length / 3;
const offChances = Float32Array.from({ length: vertices }, (_, vertex) =>
  vertex === 0 ? Number.NaN : vertex / 10,
);
/** The closed surface's faces but one: its vertices are in the same places. */
const wall = { positionsLpsMm: closed.positionsLpsMm, triangles: closed.triangles.slice(3) };
const request = (chances: ExportRequest['offChances']): Parameters<typeof meshProduct>[1] => ({
  appendage: { ...measured, wall },
  offChances: chances,
  // Of the options only those of the shell and the simulation's mesh are looked at.
  options: {} as ExportRequest['options'],
});

it('writes how sure each point is into PLY and VTP, and nothing where nobody knows', async () => {
  for (const id of ['closed', 'wall'] as const) {
    const product = await meshProduct(id, request(offChances), {});
    expect(product.offChances).toEqual(offChances);
    const [ply] = meshFiles(product, 'ply', 'LPS');
    const [vtp] = meshFiles(product, 'vtp', 'LPS');
    expect(Buffer.from(ply!.bytes).toString('latin1')).toContain('property float chance_off_by_1_mm\n');
    expect(Buffer.from(vtp!.bytes).toString('latin1')).toContain('Name="chance_off_by_1_mm"');
    expect(decodePly(ply!.bytes)).toEqual(product.mesh);
    expect(decodeVtp(vtp!.bytes)).toEqual(product.mesh);
  }
  const without = meshFiles(await meshProduct('closed', request(null), {}), 'ply', 'LPS')[0]!;
  expect(Buffer.from(without.bytes).toString('latin1')).not.toContain('chance');
});
