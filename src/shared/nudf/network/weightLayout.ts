import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { createRandom } from '#shared/random/random.ts';
import type { FieldNetworkSpec, NetworkSpec, VolumeNetworkSpec } from './networkSpec.ts';

/** One named array of weights, row-major (the last dimension fastest). */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The weights of a network, by the names of {@link weightLayout}. */
export type WeightMap = ReadonlyMap<string, WeightArray>;

/** Numbers in an array of that shape. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** How an array of weights starts: kernels random, scales one, the rest zero. */
type WeightRole = 'kernel' | 'lastKernel' | 'bias' | 'scale' | 'offset';

/** One entry of the layout: the name, the shape and what the array is. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: WeightRole;
}

/** Places round a point at which the pyramid is sampled: itself and two along each axis. */
export const TAP_COUNT = 7;

/** δ, the distance of the taps from their point, in normalised units. */
export const tapOffsetNormalized = (spec: FieldNetworkSpec): number => (2 * spec.offsetMm) / spec.edgeMm;

/** Channels of each sampled level, the raw image first. */
export const pyramidChannels = (spec: FieldNetworkSpec): number[] => [
  1,
  ...spec.levels.map((level) => level.channels[level.channels.length - 1]!),
];

/** Voxels along an edge of each sampled level, the raw image first. */
export function pyramidResolutions(spec: FieldNetworkSpec): number[] {
  const resolutions = [spec.resolution];
  let resolution = spec.resolution;
  for (const level of spec.levels) {
    resolution /= level.pool;
    resolutions.push(resolution);
  }
  return resolutions;
}

/** F: the features at one place, over all levels. */
export const featureCount = (spec: FieldNetworkSpec): number =>
  pyramidChannels(spec).reduce((a, b) => a + b, 0);

/** Outputs at a point: signed and unsigned distance, then the way to each landmark. */
export const outputCount = (spec: FieldNetworkSpec): number => 2 + 3 * (spec.landmarks?.length ?? 0);

/** Widths of the decoder's layers: F·7, hidden…, outputs. */
export const decoderWidths = (spec: FieldNetworkSpec): number[] => [
  featureCount(spec) * TAP_COUNT,
  ...spec.hidden,
  outputCount(spec),
];

function convolutionEntries(prefix: string, input: number, output: number): WeightEntry[] {
  return [
    { name: `${prefix}.kernel`, shape: [3, 3, 3, input, output], role: 'kernel' },
    { name: `${prefix}.bias`, shape: [output], role: 'bias' },
    { name: `${prefix}.scale`, shape: [output], role: 'scale' },
    { name: `${prefix}.offset`, shape: [output], role: 'offset' },
  ];
}

function fieldLayout(spec: FieldNetworkSpec): WeightEntry[] {
  const entries: WeightEntry[] = [];
  let input = 1;
  spec.levels.forEach((level, levelIndex) => {
    level.channels.forEach((output, index) => {
      entries.push(...convolutionEntries(`encoder.${levelIndex}.${index}`, input, output));
      input = output;
    });
  });
  const widths = decoderWidths(spec);
  for (let index = 0; index + 1 < widths.length; index++) {
    const shape = [widths[index]!, widths[index + 1]!];
    const role = index + 2 === widths.length ? 'lastKernel' : 'kernel';
    entries.push({ name: `decoder.${index}.kernel`, shape, role });
    entries.push({ name: `decoder.${index}.bias`, shape: [widths[index + 1]!], role: 'bias' });
  }
  return entries;
}

/** Outputs at a voxel of a U-Net. */
export const voxelOutputs = (spec: VolumeNetworkSpec): number =>
  spec.kind === 'region-unet' ? 1 : spec.structures.length;

function volumeLayout(spec: VolumeNetworkSpec): WeightEntry[] {
  const entries: WeightEntry[] = [];
  let input = 1;
  spec.channels.forEach((output, level) => {
    entries.push(...convolutionEntries(`down.${level}.0`, input, output));
    entries.push(...convolutionEntries(`down.${level}.1`, output, output));
    input = output;
  });
  for (let level = spec.channels.length - 2; level >= 0; level--) {
    const output = spec.channels[level]!;
    entries.push(...convolutionEntries(`up.${level}.0`, output + input, output));
    entries.push(...convolutionEntries(`up.${level}.1`, output, output));
    input = output;
  }
  const outputs = voxelOutputs(spec);
  entries.push({ name: 'head.kernel', shape: [1, 1, 1, input, outputs], role: 'lastKernel' });
  entries.push({ name: 'head.bias', shape: [outputs], role: 'bias' });
  return entries;
}

/**
 * Names and shapes of a network's weights, in the order of computation. Convolution kernels are
 * [depth, height, width, in, out] (z, y, x), dense kernels [in, out]. `encoder.{level}.{index}` counts levels as in
 * the spec; `up.{level}` is the level that the convolutions write, its input [skip, upsampled] along the channels.
 */
export const weightLayout = (spec: NetworkSpec): WeightEntry[] =>
  spec.kind === 'nudf-dual' ? fieldLayout(spec) : volumeLayout(spec);

/** Trained numbers of a network. */
export const parameterCount = (spec: NetworkSpec): number =>
  weightLayout(spec).reduce((sum, entry) => sum + elementCount(entry.shape), 0);

/** The last layer starts this much smaller than He's, so that the first predictions are near zero. */
const LAST_LAYER_FACTOR = 0.1;

/** An array as training begins with it, the same for the same seed and name. */
export function initialArray(entry: WeightEntry, seed: number): WeightArray {
  const data = new Float32Array(elementCount(entry.shape));
  if (entry.role === 'scale') data.fill(1);
  if (entry.role === 'kernel' || entry.role === 'lastKernel') {
    const fanIn = elementCount(entry.shape.slice(0, -1));
    const deviation = Math.sqrt(2 / fanIn) * (entry.role === 'lastKernel' ? LAST_LAYER_FACTOR : 1);
    const random = createRandom(seed).fork(entry.name);
    for (let index = 0; index < data.length; index++) data[index] = random.normal(0, deviation);
  }
  return { shape: entry.shape, data };
}

/** He-initialised weights (He et al., ICCV 2015), the same for the same seed on every machine; biases zero. */
export const initializeWeights = (spec: NetworkSpec, seed: number): WeightMap =>
  new Map(weightLayout(spec).map((entry) => [entry.name, initialArray(entry, seed)]));

/** The array of that name; an Error where it is missing, which is a bug after {@link assertWeightsFit}. */
export function weightOf(weights: WeightMap, name: string): WeightArray {
  const array = weights.get(name);
  if (array === undefined) throw new Error(`No weight is called ${name}.`);
  return array;
}

/** Refuses, with a UserError, weights whose names or shapes are not those of the spec, or that are not finite. */
export const assertWeightsFit = (spec: NetworkSpec, weights: WeightMap): void =>
  assertWeightsMatch(weightLayout(spec), weights);

/** The same for a layout that is there already. */
export function assertWeightsMatch(
  layout: readonly Pick<WeightEntry, 'name' | 'shape'>[],
  weights: WeightMap,
): void {
  for (const { name, shape } of layout) {
    const array = weights.get(name);
    if (array === undefined) throw new UserError(failure('models.weight-missing', { weight: name }));
    if (array.shape.join() !== shape.join()) {
      throw new UserError(
        failure('models.weight-shape', { weight: name, shape: [...array.shape], expected: [...shape] }),
      );
    }
    if (!allFinite(array.data)) {
      throw new UserError(failure('models.weight-not-finite', { weight: name }));
    }
  }
  if (weights.size !== layout.length) {
    throw new UserError(failure('models.weight-count', { weights: weights.size, expected: layout.length }));
  }
}

/** A plain loop: a callback for each of millions of weights would be noticed at every start. */
export function allFinite(data: Float32Array): boolean {
  for (let index = 0; index < data.length; index++) if (!Number.isFinite(data[index]!)) return false;
  return true;
}
