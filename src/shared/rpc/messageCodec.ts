/**
 * Messages as bytes, for channels that carry nothing else. Layout, little-endian:
 *
 *   0  'AURC'
 *   4  u32, length of the head
 *   8  the head, JSON in UTF-8: { value, arrays: [[kind, byteLength], …] }
 *      each array's bytes, at the next multiple of 8, in order
 *
 * In `value`, `{"$array": n}` stands for the n-th array and `{"$number": "NaN"}` for a number that JSON lacks; keys that
 * begin with `$` get one more. Typed arrays keep their own machine's byte order: both ends are this machine.
 */

const MAGIC = [0x41, 0x55, 0x52, 0x43] as const;
const HEAD_START = 8;
const MAX_DEPTH = 64;

const ARRAY_KINDS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const;
type ArrayKind = keyof typeof ARRAY_KINDS;
type TypedArray = InstanceType<(typeof ARRAY_KINDS)[ArrayKind]>;

const NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

const isArrayKind = (kind: unknown): kind is ArrayKind =>
  typeof kind === 'string' && Object.hasOwn(ARRAY_KINDS, kind);

const alignUp = (offset: number): number => Math.ceil(offset / 8) * 8;

const damaged = (what: string): Error => new Error(`A message is damaged: ${what}.`);

/** @throws Error where the value is not plain data: functions, dates, maps, undefined in an array, cycles */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: TypedArray[] = [];
  const value = toJson(message, arrays, 0);
  const head = new TextEncoder().encode(
    JSON.stringify({ value, arrays: arrays.map((array) => [kindOf(array), array.byteLength]) }),
  );
  let length = HEAD_START + head.length;
  const offsets = arrays.map((array) => {
    const offset = alignUp(length);
    length = offset + array.byteLength;
    return offset;
  });
  const bytes = new Uint8Array(length);
  bytes.set(MAGIC, 0);
  new DataView(bytes.buffer).setUint32(4, head.length, true);
  bytes.set(head, HEAD_START);
  arrays.forEach((array, at) => {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offsets[at]);
  });
  return bytes;
}

/** The inverse; every typed array has a buffer of its own. @throws Error where the bytes are damaged */
export function decodeMessage(bytes: Uint8Array): unknown {
  if (bytes.length < HEAD_START || MAGIC.some((byte, at) => bytes[at] !== byte)) {
    throw damaged('it does not begin as one');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = HEAD_START + view.getUint32(4, true);
  if (headEnd > bytes.length) throw damaged('its head is cut off');
  const head = parseHead(bytes.subarray(HEAD_START, headEnd));
  let end = headEnd;
  const arrays = head.arrays.map((entry) => {
    if (!Array.isArray(entry) || entry.length !== 2) throw damaged('an array is not described');
    const [kind, byteLength]: unknown[] = entry;
    if (!isArrayKind(kind)) throw damaged('an array is of an unknown kind');
    if (typeof byteLength !== 'number' || !Number.isSafeInteger(byteLength) || byteLength < 0) {
      throw damaged('an array has no length');
    }
    const start = alignUp(end);
    end = start + byteLength;
    if (end > bytes.length) throw damaged('an array is cut off');
    const Kind = ARRAY_KINDS[kind];
    if (byteLength % Kind.BYTES_PER_ELEMENT !== 0) throw damaged('an array ends within an element');
    const own = new Uint8Array(byteLength);
    own.set(bytes.subarray(start, end));
    return new Kind(own.buffer);
  });
  if (end !== bytes.length) throw damaged('it goes on after its end');
  return fromJson(head.value, arrays, 0);
}

function parseHead(bytes: Uint8Array): { readonly value: unknown; readonly arrays: readonly unknown[] } {
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('its head cannot be read');
  }
  if (typeof head !== 'object' || head === null || !('value' in head) || !('arrays' in head)) {
    throw damaged('its head lacks a part');
  }
  if (!Array.isArray(head.arrays)) throw damaged('its head lacks the arrays');
  return { value: head.value, arrays: head.arrays };
}

function toJson(value: unknown, arrays: TypedArray[], depth: number): unknown {
  if (depth > MAX_DEPTH) throw new Error('Only plain data without cycles can be sent.');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $number: '-0' };
    return Number.isFinite(value) ? value : { $number: String(value) };
  }
  if (typeof value !== 'object') throw new Error(`A value of type ${typeof value} cannot be sent.`);
  if (isTypedArray(value)) return { $array: arrays.push(value) - 1 };
  if (Array.isArray(value)) {
    // Not map: it would skip holes.
    return Array.from(value, (element) => toJson(element, arrays, depth + 1));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // A plain object's prototype has no prototype itself, whichever realm it comes from.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new Error('Only plain data can be sent.');
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key.startsWith('$') ? `$${key}` : key, toJson(member, arrays, depth + 1)]),
  );
}

function fromJson(json: unknown, arrays: readonly TypedArray[], depth: number): unknown {
  if (depth > MAX_DEPTH) throw damaged('it is nested too deeply');
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((element) => fromJson(element, arrays, depth + 1));
  const entries = Object.entries(json);
  if ('$array' in json || '$number' in json) {
    const [[key, what] = []] = entries;
    const value =
      key === '$array'
        ? arrays[Number(what)]
        : Object.hasOwn(NUMBERS, String(what))
          ? NUMBERS[String(what)]
          : undefined;
    if (entries.length !== 1 || value === undefined) throw damaged('a placeholder stands for nothing');
    return value;
  }
  // fromEntries makes own properties, `__proto__` too; the contract then refuses them as unknown.
  return Object.fromEntries(
    entries.map(([key, member]) => [
      key.startsWith('$$') ? key.slice(1) : key,
      fromJson(member, arrays, depth + 1),
    ]),
  );
}

/** The platform's name for it: a Buffer of Node is a Uint8Array, one of another realm too. */
const kindOf = (value: object): unknown =>
  ArrayBuffer.isView(value) ? Reflect.get(value, Symbol.toStringTag) : undefined;

const isTypedArray = (value: object): value is TypedArray => isArrayKind(kindOf(value));
