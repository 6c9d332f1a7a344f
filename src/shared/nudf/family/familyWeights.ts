import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { FAMILY_NAMES, type FamilySpec, familyDecoderWidths, familySpec } from './familySpec.ts';

/**
 * Weights of the family by our names, row-major: `encoder.{level}.{index}.kernel` [z, y, x, in, out] and `.bias`,
 * `encoder.{level}.norm.scale|offset|mean|variance`, `decoder.{index}.kernel` [in, out] and `.bias`.
 */
export interface FamilyWeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** The name in PyTorch's state dictionary, and its shape there. */
  readonly torchName: string;
  readonly torchShape: readonly number[];
}

/** The names of the levels' convolutions after `conv_in`, coarse last. A network has the last of them. */
const LEVEL_NAMES = ['a', '0', '1', '2', '3'] as const;
/** The 64 net counts its three levels 0 to 2 or 1 to 3, from one release to the other. */
const LEVEL_NAMES_64: readonly (readonly string[])[] = [
  ['0', '1', '2'],
  ['1', '2', '3'],
];

/** Names for the levels below the first: as many as the network has. */
function levelNames(spec: FamilySpec): readonly (readonly string[])[] {
  const below = spec.levels.length - 1;
  if (spec.name === 'ShapeNet64Vox') return LEVEL_NAMES_64;
  return [LEVEL_NAMES.slice(LEVEL_NAMES.length - below)];
}

/** The names of the levels in a checkpoint of ours. */
export const writtenLevelNames = (spec: FamilySpec): readonly string[] => levelNames(spec)[0]!;

/** The batch norm after level `name`: `conv0_1_bn`, `conva_1_bn`. */
const normName = (name: string): string => `conv${name}_1_bn`;

/** Names and shapes of a network's weights by our names. */
export const familyWeightShapes = (spec: FamilySpec): Pick<FamilyWeightEntry, 'name' | 'shape'>[] =>
  familyLayout(spec, levelNames(spec)[0]!);

/** All weights of a network, for one way of naming its levels. */
export function familyLayout(spec: FamilySpec, names: readonly string[]): FamilyWeightEntry[] {
  const entries: FamilyWeightEntry[] = [];
  let input = 1;
  spec.levels.forEach(({ channels }, level) => {
    channels.forEach((output, index) => {
      const torch = level === 0 ? 'conv_in' : `conv_${names[level - 1]}${index === 0 ? '' : `_${index}`}`;
      const prefix = `encoder.${level}.${index}`;
      entries.push(
        {
          name: `${prefix}.kernel`,
          shape: [3, 3, 3, input, output],
          torchName: `${torch}.weight`,
          torchShape: [output, input, 3, 3, 3],
        },
        { name: `${prefix}.bias`, shape: [output], torchName: `${torch}.bias`, torchShape: [output] },
      );
      input = output;
    });
    const norm = level === 0 ? 'conv_in_bn' : normName(names[level - 1]!);
    const vectors = { scale: 'weight', offset: 'bias', mean: 'running_mean', variance: 'running_var' };
    for (const [ours, theirs] of Object.entries(vectors)) {
      entries.push({
        name: `encoder.${level}.norm.${ours}`,
        shape: [input],
        torchName: `${norm}.${theirs}`,
        torchShape: [input],
      });
    }
  });
  const widths = familyDecoderWidths(spec);
  for (let index = 0; index + 1 < widths.length; index++) {
    const [from, to] = [widths[index]!, widths[index + 1]!];
    const torch = index + 2 === widths.length ? 'fc_out' : `fc_${index}`;
    entries.push(
      {
        name: `decoder.${index}.kernel`,
        shape: [from, to],
        torchName: `${torch}.weight`,
        torchShape: [to, from, 1],
      },
      { name: `decoder.${index}.bias`, shape: [to], torchName: `${torch}.bias`, torchShape: [to] },
    );
  }
  return entries;
}

/** Names that a state dictionary may hold beside the weights: counters, and a norm that the 512 net never uses. */
const UNUSED = /(?:^|\.)num_batches_tracked$|^convb_1_bn\./;
/** Networks that were trained on several GPUs carry this before every name. */
const PARALLEL_PREFIX = 'module.';

export interface RecognizedFamily {
  readonly spec: FamilySpec;
  readonly layout: readonly FamilyWeightEntry[];
  /** What the dictionary calls the weight of each entry's `torchName`. */
  torchKey(torchName: string): string;
}

/**
 * Which network of the family a state dictionary belongs to, by the names and shapes in it.
 * @returns undefined where it is none
 */
export function recognizeFamily(
  shapes: ReadonlyMap<string, readonly number[]>,
  alignCorners: boolean,
): RecognizedFamily | undefined {
  const { used, prefix } = usedShapes(shapes);
  for (const { spec, layout } of candidates(alignCorners)) {
    if (misfitsOf(used, layout).length === 0) return { spec, layout, torchKey: (name) => `${prefix}${name}` };
  }
  return undefined;
}

/**
 * The network that a state dictionary of none comes nearest to, and the weights that keep it from being that: first those
 * that it has, too many or of another shape, then those that it lacks.
 */
export function nearestFamily(shapes: ReadonlyMap<string, readonly number[]>): {
  readonly nearest: FamilySpec['name'];
  readonly misfits: readonly string[];
} {
  const { used } = usedShapes(shapes);
  const [best] = candidates(true)
    .map(({ spec, layout }) => ({ nearest: spec.name, misfits: misfitsOf(used, layout) }))
    .sort((a, b) => a.misfits.length - b.misfits.length);
  return best!;
}

/** The shapes by the names that a network on one GPU has, without those that no network uses. */
function usedShapes(shapes: ReadonlyMap<string, readonly number[]>) {
  const prefix = [...shapes.keys()].every((key) => key.startsWith(PARALLEL_PREFIX)) ? PARALLEL_PREFIX : '';
  const named = [...shapes].map(([key, shape]) => [key.slice(prefix.length), shape] as const);
  return { used: new Map(named.filter(([key]) => !UNUSED.test(key))), prefix };
}

const candidates = (alignCorners: boolean) =>
  FAMILY_NAMES.flatMap((name) =>
    ([1, 2] as const).flatMap((outputs) => {
      const spec = familySpec(name, { outputs, alignCorners });
      return levelNames(spec).map((names) => ({ spec, layout: familyLayout(spec, names) }));
    }),
  );

function misfitsOf(
  used: ReadonlyMap<string, readonly number[]>,
  layout: readonly FamilyWeightEntry[],
): string[] {
  const expected = new Map(layout.map(({ torchName, torchShape }) => [torchName, torchShape]));
  const surplus = [...used].filter(([key, shape]) => {
    const wanted = expected.get(key);
    return wanted === undefined || !sameShape(shape, wanted);
  });
  return [...surplus.map(([key]) => key), ...[...expected.keys()].filter((key) => !used.has(key))];
}

/** A 1×1 convolution may be stored as a matrix. */
const sameShape = (found: readonly number[], expected: readonly number[]): boolean => {
  const withoutOnes = (shape: readonly number[]): string => shape.join().replace(/(,1)+$/, '');
  return (
    found.join() === expected.join() ||
    (expected.length === 3 && withoutOnes(found) === withoutOnes(expected))
  );
};

/** Visits each weight of a kernel with its place in PyTorch's order, [out, in, …], and in ours, […, in, out]. */
function reordered(
  data: Float32Array,
  [outputs, inputs]: readonly number[],
  copy: (target: Float32Array, torch: number, ours: number) => void,
): Float32Array {
  // Scales, offsets and biases have one axis.
  if (outputs === undefined || inputs === undefined) return data;
  const taps = data.length / (outputs * inputs);
  const target = new Float32Array(data.length);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < taps; tap++) {
        copy(target, (output * inputs + input) * taps + tap, (tap * inputs + input) * outputs + output);
      }
    }
  }
  return target;
}

/** From PyTorch's order of axes to ours: [out, in, …] → […, in, out]. */
export const fromTorchOrder = (data: Float32Array, torchShape: readonly number[]): Float32Array =>
  reordered(data, torchShape, (target, torch, ours) => {
    target[ours] = data[torch]!;
  });

/** From our order of axes to PyTorch's: […, in, out] → [out, in, …]. */
export const toTorchOrder = (data: Float32Array, torchShape: readonly number[]): Float32Array =>
  reordered(data, torchShape, (target, torch, ours) => {
    target[torch] = data[ours]!;
  });

/** PyTorch's default, added to the variance before its root is taken. */
const BATCH_NORM_EPSILON = 1e-5;

/** Batch norm with the running statistics is a factor and a shift for each channel. */
export function foldedNorm(weights: WeightMap, level: number): { factor: Float32Array; shift: Float32Array } {
  const vector = (name: string): Float32Array => weights.get(`encoder.${level}.norm.${name}`)!.data;
  const [scale, offset, mean, variance] = [
    vector('scale'),
    vector('offset'),
    vector('mean'),
    vector('variance'),
  ];
  const factor = scale.map((value, channel) => value / Math.sqrt(variance[channel]! + BATCH_NORM_EPSILON));
  return { factor, shift: offset.map((value, channel) => value - mean[channel]! * factor[channel]!) };
}
