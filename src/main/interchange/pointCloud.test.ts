import { expect, it } from 'vitest';
import { writeNpy } from '../arrays/numpy/npy.ts';
import { writeNpz } from '../arrays/numpy/npz.ts';
import { encodeCloudText, readPointCloud } from './pointCloud.ts';

const POINTS = Float32Array.of(1, 2, 3, -4.5, 5, 6.25);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

it('reads points of text, NumPy and PLY', async () => {
  expect(await readPointCloud(text(encodeCloudText(POINTS)), 'a.txt')).toEqual(POINTS);
  expect(await readPointCloud(text('x,y,z\n1,2,3\n-4.5;5;6.25;99\n\n'), 'a.csv')).toEqual(POINTS);
  expect(await readPointCloud(writeNpy(POINTS, [2, 3]), 'a.npy')).toEqual(POINTS);
  const archive = await writeNpz({
    other: { data: POINTS, shape: [6] },
    points: { data: POINTS, shape: [2, 3] },
  });
  expect(await readPointCloud(archive, 'a.npz')).toEqual(POINTS);
  const ply =
    'ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n-4.5 5 6.25\n';
  expect(await readPointCloud(text(ply), 'a.ply')).toEqual(POINTS);
});

it.each([
  ['a.txt', '1 2\n', /is not a cloud of points/],
  ['a.txt', '1 2 nothing\n', /is not a cloud of points/],
  ['a.txt', '', /holds no points/],
  ['a.npy', 'text', /a\.npy/],
  ['a.ply', 'text', /PLY/],
  ['a.doc', '1 2 3', /is no cloud of points that is read \(txt,/],
])('refuses %s with %j', async (name, content, message) => {
  await expect(readPointCloud(text(content), name)).rejects.toThrow(message);
});
