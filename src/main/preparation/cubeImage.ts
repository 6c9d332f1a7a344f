import { throwIfCancelled } from '#shared/errors.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type Volume } from '#shared/volume/volume.ts';
import { type CropFrame, cropGrid } from '../surface/cropFrame.ts';
import type { PrepareOptions } from './caseRequest.ts';

type ImageType = PrepareOptions['imageType'];

/** Slices of an image that are computed and written at a time hold about so many voxels. */
const SLAB_VOXELS = 4_000_000;

/** The cube's image in slabs of slices, from the lowest up: see {@link imageSlices}. */
export async function* imageSlabs(
  volume: Volume,
  frame: CropFrame,
  resolution: number,
  type: ImageType,
  signal: AbortSignal | undefined,
  onVoxels: (count: number) => void,
): AsyncGenerator<Int16Array | Float32Array> {
  const perSlab = Math.max(1, Math.floor(SLAB_VOXELS / resolution ** 2));
  for (let first = 0; first < resolution; first += perSlab) {
    await new Promise((next) => setImmediate(next));
    throwIfCancelled(signal);
    const count = Math.min(perSlab, resolution - first);
    const values = imageSlices(volume, frame, resolution, { first, count }, type);
    onVoxels(values.length);
    yield values;
  }
}

/** Some slices of the cube's image, [z, y, x], in HU: trilinear; −2048 where there is no scan. */
export function imageSlices(
  volume: Volume,
  frame: CropFrame,
  resolution: number,
  { first, count }: { readonly first: number; readonly count: number },
  type: ImageType,
): Int16Array | Float32Array {
  const grid = cropGrid(frame, resolution);
  const [x, y, z] = grid.originLpsMm;
  const valuesHu = resampleTrilinear(
    volume,
    {
      ...grid,
      sizeIjk: [resolution, resolution, count],
      originLpsMm: [x, y, z + first * grid.spacingMm[2]],
    },
    OUTSIDE_HU,
  );
  return type === 'float32' ? valuesHu : rounded(valuesHu);
}

function rounded(values: Float32Array): Int16Array {
  const whole = new Int16Array(values.length);
  for (let n = 0; n < values.length; n++)
    whole[n] = Math.max(-32768, Math.min(32767, Math.round(values[n]!)));
  return whole;
}
