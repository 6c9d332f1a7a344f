import { PickleDamagedError, type PickleGlobal, type PickleValue } from './pickle.ts';
import {
  bytesPerValue,
  type TorchStorage,
  TorchTensor,
  type TorchType,
  typeOfDtypeName,
  typeOfLegacyName,
} from './tensors.ts';

/** A class or function that is not on the list: it is named and never run. */
export class NotPlainDataError extends Error {
  override readonly name = 'NotPlainDataError';
  constructor(readonly global: string) {
    super(`${global} is not plain data.`);
  }
}

/** A storage's class on the stack, before its persistent identifier says which storage. */
export interface StorageClass {
  readonly kind: 'storage class';
  /** `undefined` for an untyped storage, whose tensors say their type. */
  readonly type: TorchType | undefined;
}

const damaged = (): never => {
  throw new PickleDamagedError('A tensor is described wrongly.');
};

const isStorage = (value: unknown): value is TorchStorage =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'storage';

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);

/** `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …)`; the rest concerns gradients and hooks. */
function rebuildTensor([storage, offset, size, stride]: readonly PickleValue[]): TorchTensor {
  if (!isStorage(storage) || typeof offset !== 'number' || !isCounts(size) || !isCounts(stride))
    return damaged();
  const tensor = new TorchTensor(storage, offset, size, stride);
  return size.length === stride.length && tensor.fits ? tensor : damaged();
}

/** `_rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype)`: an untyped storage in bytes. */
function rebuildTypedTensor(args: readonly PickleValue[]): TorchTensor {
  const [storage, offset, size, stride, , , dtype] = args;
  if (!isStorage(storage) || !isDtype(dtype)) return damaged();
  const count = Math.floor(storage.count / bytesPerValue(dtype.dtype));
  return rebuildTensor([{ ...storage, type: dtype.dtype, count }, offset, size, stride]);
}

interface Dtype {
  readonly kind: 'dtype';
  readonly dtype: TorchType;
}
const isDtype = (value: unknown): value is Dtype =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'dtype';

/** A number of NumPy's, as training loops write losses: its type, then its bytes. */
function numpyScalar([dtype, bytes]: readonly PickleValue[]): number {
  if (typeof dtype !== 'object' || dtype === null || !('descr' in dtype) || !(bytes instanceof Uint8Array)) {
    return damaged();
  }
  const view = new DataView(bytes.slice().buffer);
  switch (dtype.descr) {
    case 'f8':
      return view.getFloat64(0, true);
    case 'f4':
      return view.getFloat32(0, true);
    case 'i8':
      return Number(view.getBigInt64(0, true));
    case 'i4':
      return view.getInt32(0, true);
    default:
      return damaged();
  }
}

/** `numpy.dtype('f8', False, True)`; its state says the byte order, little endian on every machine that trains. */
function numpyDtype([descr]: readonly PickleValue[]): object {
  return {
    descr,
    setState(state: unknown) {
      if (Array.isArray(state) && state[1] === '>') damaged();
    },
  };
}

/** Protocol 2 has no bytes: `_codecs.encode('text', 'latin1')` stands for them. */
function encodeLatin1([text, encoding]: readonly PickleValue[]): Uint8Array {
  if (typeof text !== 'string' || encoding !== 'latin1') return damaged();
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** An OrderedDict begins empty, or with a list of pairs. */
function orderedDict([pairs]: readonly PickleValue[]): Map<unknown, unknown> {
  if (pairs === undefined) return new Map();
  if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2))
    return damaged();
  return new Map(pairs as [unknown, unknown][]);
}

const firstOr =
  (fallback: unknown): PickleGlobal =>
  ([value]) =>
    value ?? fallback;

/** Everything that a checkpoint of weights needs, by `module.name`. */
const GLOBALS: Readonly<Record<string, PickleGlobal>> = {
  'collections.OrderedDict': orderedDict,
  'builtins.set': ([items]) => new Set(Array.isArray(items) ? items : []),
  '__builtin__.set': ([items]) => new Set(Array.isArray(items) ? items : []),
  '_codecs.encode': encodeLatin1,
  'numpy.dtype': numpyDtype,
  'numpy.core.multiarray.scalar': numpyScalar,
  'numpy._core.multiarray.scalar': numpyScalar,
  'torch.Size': firstOr([]),
  'torch.device': ([type]) => String(type),
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._tensor._rebuild_from_type_v2': ([, , args]) => rebuildTensor(Array.isArray(args) ? args : []),
  'torch._utils._rebuild_tensor_v3': rebuildTypedTensor,
  // A parameter is its tensor; whether it takes gradients does not matter here.
  'torch._utils._rebuild_parameter': ([tensor]) => tensor,
};

/**
 * What a global of the pickle stands for.
 * @throws NotPlainDataError for all but tensors, storages, number types and plain containers
 */
export function torchGlobal(module: string, name: string): PickleGlobal {
  const full = `${module}.${name}`;
  if (Object.hasOwn(GLOBALS, full)) return GLOBALS[full]!;
  if (module === 'torch' || module === 'torch.cuda') {
    const legacy = typeOfLegacyName(name);
    if (legacy !== undefined) return asValue({ kind: 'storage class', type: legacy });
    const dtype = typeOfDtypeName(name);
    if (dtype !== undefined) return asValue({ kind: 'dtype', dtype });
  }
  if (full === 'torch.storage.UntypedStorage' || full === 'torch.storage._UntypedStorage') {
    return asValue({ kind: 'storage class', type: undefined });
  }
  throw new NotPlainDataError(full);
}

/** A class or constant that is passed on rather than called: a function that carries the value. */
function asValue(value: object): PickleGlobal {
  const refuse = (): never => {
    throw new NotPlainDataError('a call of a storage class');
  };
  return Object.assign(refuse, value);
}
