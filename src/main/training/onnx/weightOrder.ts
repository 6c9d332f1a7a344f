import { fromTorchOrder, toTorchOrder } from '#shared/nudf/family/familyWeights.ts';
import { TAP_COUNT, type WeightArray, type WeightMap } from '#shared/nudf/network/weightLayout.ts';

/** An array of weights in our order of axes and in PyTorch's. */
export interface OrderedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly torchShape: readonly number[];
}

/** One array for each weight, in PyTorch's order; the first decoder layer's columns ordered by tap. */
export type Values = Map<string, Float32Array>;

const FIRST_KERNEL = 'decoder.0.kernel';

/** Reorders the columns of the decoder's first kernel [out, F·7] from c·7 + tap to tap·F + c, or back. */
function reorderedColumns(
  kernel: Float32Array,
  columns: number,
  to: 'tap-major' | 'channel-major',
): Float32Array {
  const features = columns / TAP_COUNT;
  const reordered = new Float32Array(kernel.length);
  for (let row = 0; row < kernel.length; row += columns) {
    for (let channel = 0; channel < features; channel++) {
      for (let tap = 0; tap < TAP_COUNT; tap++) {
        const [byChannel, byTap] = [row + channel * TAP_COUNT + tap, row + tap * features + channel];
        if (to === 'tap-major') reordered[byTap] = kernel[byChannel]!;
        else reordered[byChannel] = kernel[byTap]!;
      }
    }
  }
  return reordered;
}

/** Weights or moments in the order of the training graphs. */
export const insideOrder = (entries: readonly OrderedWeight[], weights: WeightMap): Values =>
  new Map(
    entries.flatMap(({ name, torchShape }) => {
      const array = weights.get(name);
      if (!array) return [];
      const data = Float32Array.from(toTorchOrder(array.data, torchShape));
      const columns = torchShape[1]!;
      return [[name, name === FIRST_KERNEL ? reorderedColumns(data, columns, 'tap-major') : data] as const];
    }),
  );

/** The same back in the order of checkpoints. */
export const outsideOrder = (entries: readonly OrderedWeight[], values: Values): WeightMap =>
  new Map(
    entries.flatMap(({ name, shape, torchShape }) => {
      const data = values.get(name);
      if (!data) return [];
      const ordered =
        name === FIRST_KERNEL
          ? reorderedColumns(data, torchShape[1]!, 'channel-major')
          : Float32Array.from(data);
      return [[name, { shape, data: fromTorchOrder(ordered, torchShape) } satisfies WeightArray] as const];
    }),
  );
