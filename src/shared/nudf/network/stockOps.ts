import * as tf from '@tensorflow/tfjs-core';
import { type LevelMapping, voxelMapping } from './levelMapping.ts';
import { GROUP_NORM_EPSILON, type NetworkOps } from './networkOps.ts';
import { TAP_COUNT } from './weightLayout.ts';

/** p and its six neighbours, as multiples of δ along x, y, z. */
const TAP_DIRECTIONS = [
  [0, 0, 0],
  [-1, 0, 0],
  [1, 0, 0],
  [0, -1, 0],
  [0, 1, 0],
  [0, 0, -1],
  [0, 0, 1],
];

function groupNormRelu(
  volume: tf.Tensor5D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  groups: number,
): tf.Tensor5D {
  const [batch, depth, height, width, channels] = volume.shape;
  const grouped = tf.reshape(volume, [batch, depth * height * width, groups, channels / groups]);
  const { mean, variance } = tf.moments(grouped, [1, 3], true);
  const normalised = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, GROUP_NORM_EPSILON)));
  const affine = tf.add(tf.mul(tf.reshape(normalised, [-1, channels]), scale), offset);
  return tf.reshape(tf.relu(affine), volume.shape);
}

/** Lower and upper voxel along one axis and the upper one's weight; places [B, P·7]. */
function bracket(
  places: tf.Tensor2D,
  size: number,
  scale: number,
  shift: number,
): { lower: tf.Tensor2D; upper: tf.Tensor2D; fraction: tf.Tensor2D } {
  const voxels: tf.Tensor2D = tf.clipByValue(tf.add(tf.mul(places, scale), shift), 0, size - 1);
  const floor: tf.Tensor2D = tf.floor(voxels);
  return {
    lower: tf.cast(floor, 'int32'),
    upper: tf.cast(tf.minimum(tf.add(floor, 1), size - 1), 'int32'),
    fraction: tf.sub(voxels, floor),
  };
}

/** One level at the places [B, P·7, 3] → [B·P·7, C]. */
function sampleLevel(level: tf.Tensor5D, places: tf.Tensor3D, mapping: LevelMapping): tf.Tensor2D {
  const [batch, depth, height, width, channels] = level.shape;
  const voxels = tf.reshape(level, [-1, channels]) as tf.Tensor2D;
  const [x, y, z] = [width, height, depth].map((size, axis) =>
    bracket(
      tf.squeeze(tf.slice(places, [0, 0, axis], [-1, -1, 1]), [2]),
      size,
      mapping.scale[axis]!,
      mapping.shift[axis]!,
    ),
  ) as [ReturnType<typeof bracket>, ReturnType<typeof bracket>, ReturnType<typeof bracket>];
  const firstVoxel = tf.mul(tf.range(0, batch, 1, 'int32'), tf.scalar(depth * height * width, 'int32'));
  const times = (index: tf.Tensor, factor: number): tf.Tensor => tf.mul(index, tf.scalar(factor, 'int32'));
  let sum: tf.Tensor | undefined;
  for (const [dz, dy, dx] of [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => [
    corner >> 2,
    (corner >> 1) & 1,
    corner & 1,
  ])) {
    const row = tf.add(
      tf.add(times(dz ? z.upper : z.lower, height * width), times(dy ? y.upper : y.lower, width)),
      tf.add(dx ? x.upper : x.lower, tf.reshape(firstVoxel, [batch, 1])),
    );
    const along = (upper: number | undefined, fraction: tf.Tensor): tf.Tensor =>
      upper ? fraction : tf.sub(1, fraction);
    const weight = tf.mul(tf.mul(along(dz, z.fraction), along(dy, y.fraction)), along(dx, x.fraction));
    const term = tf.mul(
      tf.gather(voxels, tf.cast(tf.reshape(row, [-1]), 'int32')),
      tf.reshape(weight, [-1, 1]),
    );
    sum = sum === undefined ? term : tf.add(sum, term);
  }
  return sum as tf.Tensor2D;
}

function samplePyramid(
  levels: readonly tf.Tensor5D[],
  pointsNormalized: tf.Tensor3D,
  offsetNormalized: number,
  mappings: readonly LevelMapping[] = levels.map((level) => voxelMapping(level.shape)),
): tf.Tensor3D {
  const [batch, count] = pointsNormalized.shape;
  const taps = tf.mul(tf.tensor2d(TAP_DIRECTIONS), offsetNormalized);
  const places: tf.Tensor3D = tf.reshape(
    tf.add(tf.reshape(pointsNormalized, [batch * count, 1, 3]), tf.reshape(taps, [1, TAP_COUNT, 3])),
    [batch, count * TAP_COUNT, 3],
  );
  const features = levels.map((level, index) => {
    const channels = level.shape[4];
    const byTap = tf.reshape(sampleLevel(level, places, mappings[index]!), [
      batch * count,
      TAP_COUNT,
      channels,
    ]);
    return tf.reshape(tf.transpose(byTap, [0, 2, 1]), [batch, count, channels * TAP_COUNT]);
  });
  return tf.concat(features, 2) as tf.Tensor3D;
}

/** The networks' operations by TensorFlow.js' own, for the backends `cpu` and `tensorflow`. */
export const stockOps: NetworkOps = {
  conv3dSame(volume, kernel, bias, relu = false) {
    return tf.tidy(() => {
      const linear: tf.Tensor5D = tf.add(tf.conv3d(volume, kernel, 1, 'same'), bias);
      return relu ? tf.relu(linear) : linear;
    });
  },
  groupNormRelu: (volume, scale, offset, groups) =>
    tf.tidy(() => groupNormRelu(volume, scale, offset, groups)),
  maxPool3d: (volume, window) => tf.maxPool3d(volume, window, window, 'valid'),
  samplePyramid: (levels, points, offset, mappings) =>
    tf.tidy(() => samplePyramid(levels, points, offset, mappings)),
  dense(rows, kernel, bias, relu) {
    return tf.tidy(() => {
      const linear: tf.Tensor2D = tf.add(tf.matMul(rows, kernel), bias);
      return relu ? tf.relu(linear) : linear;
    });
  },
  sampledDense(levels, points, offset, kernel, bias, relu, mappings) {
    return tf.tidy(() => {
      const features = stockOps.samplePyramid(levels, points, offset, mappings);
      const rows: tf.Tensor2D = tf.reshape(features, [-1, kernel.shape[0]]);
      return stockOps.dense(rows, kernel, bias, relu);
    });
  },
};
