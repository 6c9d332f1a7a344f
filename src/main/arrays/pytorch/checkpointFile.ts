import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { zipMember } from '../zipMember.ts';
import { PickleDamagedError, PickleOpcodeError, type PickleValue } from './pickle.ts';
import { bytesPerValue, type TorchStorage, type TorchTensor, tensorValues } from './tensors.ts';
import { NotPlainDataError, type StorageClass, torchGlobal } from './torchGlobals.ts';
import { unpickle } from './unpickle.ts';

/**
 * PyTorch's checkpoints as plain data: the zip archive that `torch.save` writes since 1.6, and the stream of pickles
 * before it. Nothing of them is run. Source: torch/serialization.py of PyTorch 2.
 */
export interface TorchCheckpoint {
  /** The saved object: dictionaries are maps, lists and tuples arrays, tensors {@link TorchTensor}. */
  readonly root: PickleValue;
  /**
   * A tensor's values in C order, as float32.
   * @throws UserError where its data are missing or cut short
   */
  values(tensor: TorchTensor): Promise<Float32Array>;
}

/** The first pickle of a file of PyTorch before 1.6. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;

/**
 * Reads a checkpoint.
 * @param name the file's base name, for messages
 * @throws UserError where the file is no checkpoint, is damaged, or asks for anything but plain data
 */
export async function readCheckpoint(bytes: Uint8Array, name: string): Promise<TorchCheckpoint> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  try {
    return isZip ? await readZip(bytes, name) : readLegacy(bytes, name);
  } catch (thrown) {
    throw thrown instanceof UserError ? thrown : new UserError(failureOf(thrown, name));
  }
}

function failureOf(thrown: unknown, name: string): Failure {
  if (thrown instanceof NotPlainDataError)
    return failure('pytorch.not-plain-data', { name, global: thrown.global });
  if (thrown instanceof PickleOpcodeError) return failure('pytorch.opcode', { name, opcode: thrown.message });
  return failure('pytorch.damaged', { name });
}

const isStorageClass = (value: unknown): value is StorageClass =>
  typeof value === 'function' && 'kind' in value && value.kind === 'storage class';

/** `('storage', class, key, location, count)`; the class of an untyped storage counts in bytes. */
function storageOf(id: PickleValue): TorchStorage {
  if (!Array.isArray(id)) throw new PickleDamagedError('A storage has no name.');
  const [kind, storageClass, key, , count] = id;
  if (
    kind !== 'storage' ||
    !isStorageClass(storageClass) ||
    typeof key !== 'string' ||
    typeof count !== 'number'
  ) {
    throw new PickleDamagedError('A storage is described wrongly.');
  }
  return { kind: 'storage', type: storageClass.type ?? 'uint8', key, count };
}

const host = { global: torchGlobal, persistent: storageOf };

/** Turns a storage's bytes into a tensor's values, once it is sure that they are all there. */
function valuesFrom(tensor: TorchTensor, bytes: Uint8Array | undefined, name: string): Float32Array {
  const { key, type, count } = tensor.storage;
  if (bytes === undefined) throw new UserError(failure('pytorch.no-storage', { name, key }));
  const expectedBytes = bytesPerValue(type) * count;
  if (bytes.length < expectedBytes) {
    throw new UserError(
      failure('pytorch.storage-size', { name, key, expectedBytes, foundBytes: bytes.length }),
    );
  }
  return tensorValues(tensor, bytes);
}

async function readZip(bytes: Uint8Array, name: string): Promise<TorchCheckpoint> {
  const archive = new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false, checkSignature: true });
  const members = new Map<string, () => Promise<Uint8Array>>();
  // All lie in one folder, named after the file that was saved; its name and their order do not matter.
  let folder: string | undefined;
  for (const entry of await archive.getEntries()) {
    if (entry.directory) continue;
    if (entry.filename.endsWith('/data.pkl')) folder = entry.filename.slice(0, -'data.pkl'.length);
    members.set(entry.filename, () => zipMember(bytes, entry));
  }
  if (folder === undefined) throw new UserError(failure('pytorch.not-checkpoint', { name }));
  const member = async (path: string): Promise<Uint8Array | undefined> => {
    try {
      return await members.get(`${folder}${path}`)?.();
    } catch {
      throw new UserError(failure('pytorch.damaged', { name }));
    }
  };
  const byteOrder = await member('byteorder');
  if (byteOrder !== undefined && new TextDecoder().decode(byteOrder) === 'big') {
    throw new UserError(failure('pytorch.big-endian', { name }));
  }
  const { value } = unpickle((await member('data.pkl'))!, host);
  return {
    root: value,
    async values(tensor) {
      return valuesFrom(tensor, await member(`data/${tensor.storage.key}`), name);
    },
  };
}

/** Magic number, protocol, system, object, storage keys: five pickles; then each storage's count and values. */
function readLegacy(bytes: Uint8Array, name: string): TorchCheckpoint {
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(bytes, host, at);
    at = end;
    return value;
  };
  let magic: PickleValue;
  try {
    magic = next();
  } catch {
    throw new UserError(failure('pytorch.not-checkpoint', { name }));
  }
  if (magic !== LEGACY_MAGIC) throw new UserError(failure('pytorch.not-checkpoint', { name }));
  next();
  const system = next();
  if (system instanceof Map && system.get('little_endian') === false) {
    throw new UserError(failure('pytorch.big-endian', { name }));
  }
  const types = new Map<string, TorchStorage>();
  const legacyHost = {
    global: torchGlobal,
    persistent(id: PickleValue) {
      const storage = storageOf(id);
      types.set(storage.key, storage);
      return storage;
    },
  };
  const { value: root, end } = unpickle(bytes, legacyHost, at);
  at = end;
  const keys = next();
  if (!Array.isArray(keys)) throw new PickleDamagedError('The list of storages is none.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const storages = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = types.get(key);
    if (storage === undefined || at + 8 > bytes.length) throw new PickleDamagedError('A storage is missing.');
    const size = Number(view.getBigUint64(at, true)) * bytesPerValue(storage.type);
    at += 8;
    if (at + size > bytes.length) throw new PickleDamagedError('A storage is cut short.');
    storages.set(key, bytes.subarray(at, at + size));
    at += size;
  }
  return { root, values: async (tensor) => valuesFrom(tensor, storages.get(tensor.storage.key), name) };
}
