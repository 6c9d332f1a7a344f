/** A tensor to be written; int64 values come as BigInt64Array. */
export interface TensorToWrite {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** What can be written: plain data and tensors. Maps become dictionaries, arrays lists. */
export type TorchValue =
  | null
  | boolean
  | number
  | string
  | readonly TorchValue[]
  | ReadonlyMap<string | number, TorchValue>
  | TensorToWrite
  | { readonly tuple: readonly TorchValue[] }
  /** A number that is a float even where it is whole. */
  | { readonly float: number };

const isMap = (value: object): value is ReadonlyMap<string | number, TorchValue> => value instanceof Map;

/** Bytes that grow. */
function byteSink(): { put(...bytes: number[]): void; append(bytes: Uint8Array): void; bytes(): Uint8Array } {
  let buffer = new Uint8Array(1024);
  let length = 0;
  const room = (more: number): void => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * buffer.length, length + more));
    larger.set(buffer);
    buffer = larger;
  };
  return {
    put(...bytes) {
      room(bytes.length);
      for (const byte of bytes) buffer[length++] = byte;
    },
    append(bytes) {
      room(bytes.length);
      buffer.set(bytes, length);
      length += bytes.length;
    },
    bytes: () => buffer.slice(0, length),
  };
}

const letter = (text: string): number => text.charCodeAt(0);
const LARGEST_INT32 = 2 ** 31 - 1;

/**
 * A pickle of protocol 2 as `torch.save` writes it. The tensors' values are not in it: each is a storage of its own, named
 * by its place in `storages`.
 * @returns the pickle, and the storages in order
 */
export function pickleTorch(root: TorchValue): { pickle: Uint8Array; storages: TensorToWrite['data'][] } {
  const sink = byteSink();
  const storages: TensorToWrite['data'][] = [];
  const global = (module: string, name: string): void => {
    sink.append(new TextEncoder().encode(`c${module}\n${name}\n`));
  };
  const text = (value: string): void => {
    const bytes = new TextEncoder().encode(value);
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, bytes.length, true);
    sink.put(letter('X'), ...new Uint8Array(length.buffer));
    sink.append(bytes);
  };
  const float = (value: number): void => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    sink.put(letter('G'), ...new Uint8Array(view.buffer));
  };
  const number = (value: number): void => {
    if (!Number.isInteger(value) || Math.abs(value) > LARGEST_INT32) {
      float(value);
      return;
    }
    const view = new DataView(new ArrayBuffer(4));
    view.setInt32(0, value, true);
    sink.put(letter('J'), ...new Uint8Array(view.buffer));
  };
  const tuple = (items: readonly (() => void)[]): void => {
    sink.put(letter('('));
    for (const item of items) item();
    sink.put(letter('t'));
  };
  const emptyOrderedDict = (): void => {
    global('collections', 'OrderedDict');
    sink.put(letter(')'), letter('R'));
  };
  const tensor = ({ shape, data }: TensorToWrite): void => {
    const key = String(storages.length);
    storages.push(data);
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    global('torch._utils', '_rebuild_tensor_v2');
    tuple([
      () => {
        tuple([
          () => text('storage'),
          () => global('torch', data instanceof Float32Array ? 'FloatStorage' : 'LongStorage'),
          () => text(key),
          () => text('cpu'),
          () => number(data.length),
        ]);
        sink.put(letter('Q'));
      },
      () => number(0),
      () => tuple(shape.map((length) => () => number(length))),
      () => tuple(strides.map((stride) => () => number(stride))),
      () => sink.put(0x89),
      emptyOrderedDict,
    ]);
    sink.put(letter('R'));
  };
  const write = (value: TorchValue): void => {
    if (value === null) sink.put(letter('N'));
    else if (typeof value === 'boolean') sink.put(value ? 0x88 : 0x89);
    else if (typeof value === 'number') number(value);
    else if (typeof value === 'string') text(value);
    else if (isMap(value)) {
      sink.put(letter('}'), letter('('));
      for (const [key, item] of value) {
        write(key);
        write(item);
      }
      sink.put(letter('u'));
    } else if ('data' in value) tensor(value);
    else if ('float' in value) float(value.float);
    else if ('tuple' in value) tuple(value.tuple.map((item) => () => write(item)));
    else {
      sink.put(letter(']'), letter('('));
      for (const item of value) write(item);
      sink.put(letter('e'));
    }
  };
  sink.put(0x80, 2);
  write(root);
  sink.put(letter('.'));
  return { pickle: sink.bytes(), storages };
}
