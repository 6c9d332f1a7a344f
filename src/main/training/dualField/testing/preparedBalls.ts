import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { createRandom } from '#shared/random/random.ts';
import { sampleDescription } from '../../../preparation/testing/sampleDescription.ts';
import { openCaseWriter, writeSplit } from '../../../preparation/writePreparedCase.ts';

export const TINY_FIELD: FieldNetworkSpec = {
  kind: 'nudf-dual',
  // Rows of 8: for longer ones software graphics compiles the convolution of the first level three times as long.
  resolution: 8,
  edgeMm: 70,
  clipHu: 1000,
  levels: [
    { pool: 1, channels: [4] },
    { pool: 2, channels: [8] },
  ],
  normGroups: 4,
  offsetMm: 2.5,
  hidden: [16],
  unitMm: 5,
};

/** Centre and radius of a case's ball, normalised. */
export function ballOf(name: string): { centre: [number, number, number]; radius: number } {
  const random = createRandom(1).fork(name);
  const shift = (): number => random.uniform(-0.2, 0.2);
  return { centre: [shift(), shift(), shift()], radius: random.uniform(0.3, 0.5) };
}

/**
 * A prepared folder with a bright ball in each case (800 HU, around it −500), 400 points with both distances, and a split:
 * a, b, c to train, d to validate, so that training in twos has a last batch of another size. The caller removes it.
 */
export async function writePreparedBalls(size = TINY_FIELD.resolution): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auricle-balls-'));
  for (const name of ['a', 'b', 'c', 'd']) {
    const { centre, radius } = ballOf(name);
    const distanceAt = (place: readonly number[]): number =>
      Math.hypot(...place.map((value, axis) => value - centre[axis]!)) - radius;
    const random = createRandom(2).fork(name);
    const points = Float64Array.from({ length: 3 * 400 }, () => random.uniform(-0.9, 0.9));
    const signed = Float64Array.from({ length: 400 }, (_, n) =>
      distanceAt([...points.subarray(3 * n, 3 * n + 3)]),
    );
    const image = Int16Array.from({ length: size ** 3 }, (_, index) => {
      const voxel = [index % size, Math.floor(index / size) % size, Math.floor(index / size ** 2)];
      return distanceAt(voxel.map((v) => (2 * v + 1) / size - 1)) < 0 ? 800 : -500;
    });
    const writer = await openCaseWriter(folder, name);
    await writer.image(size, 'int16', [image]);
    await writer.dualField({ points, signed, unsigned: signed.map(Math.abs) }, 'float32');
    await writer.commit(sampleDescription({ name, patientKey: name }));
  }
  await writeSplit(folder, { train: ['a', 'b', 'c'], val: ['d'], test: [] });
  return folder;
}
