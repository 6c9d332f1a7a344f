import { fromFloat16Bits } from '../float16.ts';

/** The number types of PyTorch's storages. */
export type TorchType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'bool';

/** The old classes of storages and tensors begin with these: `torch.FloatStorage`, `torch.cuda.HalfTensor`. */
const LEGACY_NAMES: Readonly<Record<string, TorchType>> = {
  Double: 'float64',
  Float: 'float32',
  Half: 'float16',
  BFloat16: 'bfloat16',
  Long: 'int64',
  Int: 'int32',
  Short: 'int16',
  Char: 'int8',
  Byte: 'uint8',
  Bool: 'bool',
};

const BYTES: Readonly<Record<TorchType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

export const bytesPerValue = (type: TorchType): number => BYTES[type];

/** `FloatStorage`, `HalfTensor` → its number type; `undefined` for any other name. */
export function typeOfLegacyName(name: string): TorchType | undefined {
  const [, type] = /^([A-Z][A-Za-z0-9]*?)(?:Storage|Tensor)$/.exec(name) ?? [];
  return type !== undefined && Object.hasOwn(LEGACY_NAMES, type) ? LEGACY_NAMES[type] : undefined;
}

/** `float32`, and the short names `float`, `half` … that old pickles hold; `undefined` for any other name. */
export function typeOfDtypeName(name: string): TorchType | undefined {
  if (Object.hasOwn(BYTES, name)) return name as TorchType;
  const short: Readonly<Record<string, TorchType>> = {
    double: 'float64',
    float: 'float32',
    half: 'float16',
    long: 'int64',
    int: 'int32',
    short: 'int16',
  };
  return Object.hasOwn(short, name) ? short[name] : undefined;
}

/** The largest network of the family has 2.6 million weights. */
const MOST_VALUES = 2 ** 28;

/** A piece of memory that tensors look into. Its values are read from the file only when they are asked for. */
export interface TorchStorage {
  readonly kind: 'storage';
  readonly type: TorchType;
  /** The name of its member in the file. */
  readonly key: string;
  /** How many values it holds. */
  readonly count: number;
}

/** A tensor as the checkpoint describes it: a view into a storage, strides in values. */
export class TorchTensor {
  readonly kind = 'tensor';
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
  ) {}

  get count(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** Whether every value lies within the storage, and there are not absurdly many. */
  get fits(): boolean {
    if (this.count === 0) return true;
    // A view may repeat a value (stride 0), but not a file of bytes into gigabytes.
    if (this.count > MOST_VALUES) return false;
    const last = this.shape.reduce(
      (sum, length, axis) => sum + (length - 1) * this.stride[axis]!,
      this.offset,
    );
    return this.offset >= 0 && last < this.storage.count;
  }
}

/** The number at a place in little-endian memory. int64 is rounded where it exceeds 2⁵³. */
function numberReader(type: TorchType, view: DataView): (index: number) => number {
  switch (type) {
    case 'float64':
      return (index) => view.getFloat64(8 * index, true);
    case 'float32':
      return (index) => view.getFloat32(4 * index, true);
    case 'float16':
      return (index) => fromFloat16Bits(view.getUint16(2 * index, true));
    case 'bfloat16': {
      // The upper half of a float32.
      const scratch = new DataView(new ArrayBuffer(4));
      return (index) => {
        scratch.setUint16(0, view.getUint16(2 * index, true));
        return scratch.getFloat32(0);
      };
    }
    case 'int64':
      return (index) => Number(view.getBigInt64(8 * index, true));
    case 'int32':
      return (index) => view.getInt32(4 * index, true);
    case 'int16':
      return (index) => view.getInt16(2 * index, true);
    case 'int8':
      return (index) => view.getInt8(index);
    case 'uint8':
    case 'bool':
      return (index) => view.getUint8(index);
    default:
      return type satisfies never;
  }
}

/**
 * The values of a tensor in C order (last axis fastest), as float32 whatever their type.
 * @param bytes the whole storage, little endian
 */
export function tensorValues(tensor: TorchTensor, bytes: Uint8Array): Float32Array {
  return packedFloats(tensor, bytes) ?? stridedValues(tensor, bytes);
}

/** The values of a float32 tensor without gaps in a copy: weights are millions. Undefined for any other, and for one that is cut. */
function packedFloats(tensor: TorchTensor, bytes: Uint8Array): Float32Array | undefined {
  if (tensor.storage.type !== 'float32') return undefined;
  let step = 1;
  for (let axis = tensor.shape.length - 1; axis >= 0; axis--) {
    if (tensor.shape[axis] !== 1 && tensor.stride[axis] !== step) return undefined;
    step *= tensor.shape[axis]!;
  }
  const [from, to] = [4 * tensor.offset, 4 * (tensor.offset + tensor.count)];
  if (to > bytes.byteLength) return undefined;
  // Little endian, as every machine that this runs on. A Buffer's own slice would be no copy.
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to));
}

function stridedValues(tensor: TorchTensor, bytes: Uint8Array): Float32Array {
  const read = numberReader(
    tensor.storage.type,
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  const { shape, stride } = tensor;
  const values = new Float32Array(tensor.count);
  const index = shape.map(() => 0);
  let from = tensor.offset;
  for (let to = 0; to < values.length; to++) {
    values[to] = read(from);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return values;
}
