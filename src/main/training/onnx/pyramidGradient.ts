import { type LevelMapping, voxelMapping } from '#shared/nudf/network/levelMapping.ts';

/** A level's gradient while it is added up: [D, H, W, C]. */
export interface LevelGradient {
  readonly resolution: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** Which way each tap goes along x, y and z. */
const TAPS = [
  [0, 0, 0],
  [-1, 0, 0],
  [1, 0, 0],
  [0, -1, 0],
  [0, 1, 0],
  [0, 0, -1],
  [0, 0, 1],
] as const;

/** Lower voxel and the upper one's weight along one axis, the border's value holding outside. */
function placed(at: number, size: number): [lower: number, fraction: number] {
  const inside = Math.min(Math.max(at, 0), size - 1);
  const lower = Math.min(Math.floor(inside), Math.max(size - 2, 0));
  return [lower, inside - lower];
}

/**
 * The transpose of sampling: adds the gradient of each sample to the eight voxels that it was blended from.
 * @param points 3·N, x, y, z, from point `first` on
 * @param gradients rows of F·7 for `count` points, ordered tap·F + channel
 */
export function addSampleGradients(
  levels: readonly LevelGradient[],
  points: Float32Array,
  first: number,
  count: number,
  gradients: Float32Array,
  offset: number,
  alignCorners: boolean,
): void {
  const width = levels.reduce((sum, { channels }) => sum + channels, 0);
  let column = 0;
  for (const { resolution, channels, data } of levels) {
    // The image has no gradient of use.
    if (data.length > 0) {
      const mapping = voxelMapping([1, resolution, resolution, resolution], alignCorners);
      for (let point = 0; point < count; point++) {
        for (let tap = 0; tap < TAPS.length; tap++) {
          const from = (point * TAPS.length + tap) * width + column;
          addSample(
            data,
            resolution,
            channels,
            mapping,
            points,
            3 * (first + point),
            TAPS[tap]!,
            offset,
            gradients,
            from,
          );
        }
      }
    }
    column += channels;
  }
}

function addSample(
  data: Float32Array,
  size: number,
  channels: number,
  { scale, shift }: LevelMapping,
  points: Float32Array,
  at: number,
  tap: readonly [number, number, number],
  offset: number,
  gradients: Float32Array,
  from: number,
): void {
  const [x, fx] = placed((points[at]! + tap[0] * offset) * scale[0] + shift[0], size);
  const [y, fy] = placed((points[at + 1]! + tap[1] * offset) * scale[1] + shift[1], size);
  const [z, fz] = placed((points[at + 2]! + tap[2] * offset) * scale[2] + shift[2], size);
  for (let corner = 0; corner < 8; corner++) {
    const [dx, dy, dz] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight = (dx ? fx : 1 - fx) * (dy ? fy : 1 - fy) * (dz ? fz : 1 - fz);
    if (weight === 0) continue;
    let to = (((z + dz) * size + y + dy) * size + x + dx) * channels;
    const end = from + channels;
    for (let index = from; index < end; index++, to++) data[to] = data[to]! + weight * gradients[index]!;
  }
}
