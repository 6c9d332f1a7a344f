/**
 * A reader of Python's pickles that runs nothing: it knows plain data and asks its host about everything else.
 * Source: CPython's Lib/pickletools.py, which describes every opcode; protocols 0 to 5.
 */

/** A Python value as data. Tuples and lists are arrays, dictionaries and sets keep their order. */
export type PickleValue = unknown;

/** What a class or function of the pickle becomes: data made from the arguments that Python would have called it with. */
export type PickleGlobal = (args: readonly PickleValue[]) => PickleValue;

export interface PickleHost {
  /** What the global `module.name` stands for; throws for one that is not plain data. */
  global(module: string, name: string): PickleGlobal;
  /** The object that a persistent identifier stands for. */
  persistent(id: PickleValue): PickleValue;
}

/** The pickle ends early, or its instructions do not fit together. */
export class PickleDamagedError extends Error {
  override readonly name = 'PickleDamagedError';
}

/** An instruction that plain data does not need. */
export class PickleOpcodeError extends Error {
  override readonly name = 'PickleOpcodeError';
}

/** Where a group of stack items begins. */
const MARK = Symbol('mark');
const text = new TextDecoder('utf-8', { fatal: true });

/** Reads the bytes of one pickle in order. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  take(count: number): Uint8Array {
    if (count < 0 || this.at + count > this.#bytes.length) throw new PickleDamagedError('It ends early.');
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  #number(size: number, read: (view: DataView, at: number) => number): number {
    this.take(size);
    return read(this.#view, this.at - size);
  }

  readonly uint8 = (): number => this.#number(1, (view, at) => view.getUint8(at));
  readonly uint16 = (): number => this.#number(2, (view, at) => view.getUint16(at, true));
  readonly uint32 = (): number => this.#number(4, (view, at) => view.getUint32(at, true));
  readonly int32 = (): number => this.#number(4, (view, at) => view.getInt32(at, true));
  readonly float64BigEndian = (): number => this.#number(8, (view, at) => view.getFloat64(at, false));
  readonly length64 = (): number => {
    this.take(8);
    const length = this.#view.getBigUint64(this.at - 8, true);
    if (length > BigInt(this.#bytes.length)) throw new PickleDamagedError('It ends early.');
    return Number(length);
  };

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleDamagedError('It ends early.');
    const line = latin1(this.take(end - this.at));
    this.at++;
    return line;
  }

  string(length: number): string {
    try {
      return text.decode(this.take(length));
    } catch (thrown) {
      if (thrown instanceof PickleDamagedError) throw thrown;
      throw new PickleDamagedError('A string is no UTF-8.');
    }
  }
}

const latin1 = (bytes: Uint8Array): string => {
  let result = '';
  for (const byte of bytes) result += String.fromCharCode(byte);
  return result;
};

/** Two's complement, little endian, of any length: a number where that is exact, else a bigint. */
function longOf(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index]!);
  if (bytes.length > 0 && (bytes.at(-1)! & 0x80) !== 0) value -= 1n << BigInt(8 * bytes.length);
  return exactly(value);
}

const exactly = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;

function integerOf(line: string): number | bigint | boolean {
  if (line === '00') return false;
  if (line === '01') return true;
  if (!/^[+-]?\d+L?$/.test(line)) throw new PickleDamagedError('A number is none.');
  return exactly(BigInt(line.replace('L', '')));
}

/** The stack of the pickle's machine, with its marks and its memory. */
class Machine {
  readonly stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK)
      throw new PickleDamagedError('The stack is empty.');
    return this.stack.pop();
  }

  top(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK)
      throw new PickleDamagedError('The stack is empty.');
    return this.stack.at(-1);
  }

  /** All items above the last mark, without the mark. */
  popToMark(): unknown[] {
    const at = this.stack.lastIndexOf(MARK);
    if (at < 0) throw new PickleDamagedError('There is no mark.');
    const items = this.stack.splice(at + 1);
    this.stack.pop();
    return items;
  }

  popMany(count: number): unknown[] {
    const items: unknown[] = [];
    for (let index = 0; index < count; index++) items.unshift(this.pop());
    return items;
  }

  array(): unknown[] {
    const value = this.top();
    if (!Array.isArray(value)) throw new PickleDamagedError('Items are added to what is no list.');
    return value;
  }

  setItems(pairs: readonly unknown[]): void {
    const value = this.top();
    if (!(value instanceof Map) || pairs.length % 2 !== 0) {
      throw new PickleDamagedError('Entries are added to what is no dictionary.');
    }
    for (let index = 0; index < pairs.length; index += 2) value.set(pairs[index], pairs[index + 1]);
  }

  memorize(index: number): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    if (!this.memo.has(index)) throw new PickleDamagedError('A value is recalled that was never stored.');
    this.push(this.memo.get(index));
  }
}

function mapOf(pairs: readonly unknown[]): Map<unknown, unknown> {
  if (pairs.length % 2 !== 0) throw new PickleDamagedError('A dictionary lacks a value.');
  const map = new Map<unknown, unknown>();
  for (let index = 0; index < pairs.length; index += 2) map.set(pairs[index], pairs[index + 1]);
  return map;
}

function indexOf(line: string): number {
  const index = integerOf(line);
  if (typeof index !== 'number') throw new PickleDamagedError('A place in memory is no number.');
  return index;
}

/** Globals travel on the stack as what the host made of them. */
function call(global: unknown, args: unknown): unknown {
  if (typeof global !== 'function' || !Array.isArray(args))
    throw new PickleDamagedError('A call of what is no class.');
  return (global as PickleGlobal)(args);
}

/**
 * Objects may be completed by a state. Only what this reader made knows how: dictionaries take entries, and an object
 * with a method `setState` takes it as it likes.
 */
function build(machine: Machine): void {
  const state = machine.pop();
  const object = machine.top();
  if (isStateful(object)) object.setState(state);
  // An OrderedDict's own attributes (`_metadata` of a state dictionary) are no entries of it.
  else if (!(object instanceof Map)) throw new PickleDamagedError('A state for what has none.');
}

const isStateful = (value: unknown): value is { setState(state: unknown): void } =>
  typeof value === 'object' && value !== null && 'setState' in value && typeof value.setState === 'function';

type Step = (machine: Machine, reader: Reader, host: PickleHost) => void;
const character = (letter: string): number => letter.charCodeAt(0);

const bytesOf = (reader: Reader, length: number): Uint8Array => reader.take(length).slice();
const pushWith =
  (value: (reader: Reader) => unknown): Step =>
  (machine, reader) =>
    machine.push(value(reader));

/** What each opcode does, by its byte. Names as in pickletools. */
const STEPS = new Map<number, Step>([
  [0x80, (_, reader) => void reader.uint8()], // PROTO
  [0x95, (_, reader) => void reader.length64()], // FRAME: how much follows; nothing is read ahead here
  [character('('), (machine) => machine.push(MARK)],
  [character('0'), (machine) => void (machine.stack.at(-1) === MARK ? machine.stack.pop() : machine.pop())], // POP
  [character('1'), (machine) => void machine.popToMark()], // POP_MARK
  [character('2'), (machine) => machine.push(machine.top())], // DUP
  // Constants and numbers.
  [character('N'), pushWith(() => null)],
  [0x88, pushWith(() => true)],
  [0x89, pushWith(() => false)],
  [character('I'), pushWith((reader) => integerOf(reader.line()))],
  [character('L'), pushWith((reader) => integerOf(reader.line()))],
  [character('J'), pushWith((reader) => reader.int32())],
  [character('K'), pushWith((reader) => reader.uint8())],
  [character('M'), pushWith((reader) => reader.uint16())],
  [0x8a, pushWith((reader) => longOf(reader.take(reader.uint8())))], // LONG1
  [0x8b, pushWith((reader) => longOf(reader.take(reader.int32())))], // LONG4
  [character('F'), pushWith((reader) => Number(reader.line()))],
  [character('G'), pushWith((reader) => reader.float64BigEndian())],
  // Strings and bytes. Python 2's strings are read as Latin-1.
  [character('U'), pushWith((reader) => latin1(reader.take(reader.uint8())))],
  [character('T'), pushWith((reader) => latin1(reader.take(reader.int32())))],
  [character('S'), pushWith((reader) => reader.line().replace(/^(['"])(.*)\1$/s, '$2'))],
  [character('V'), pushWith((reader) => reader.line())],
  [character('X'), pushWith((reader) => reader.string(reader.uint32()))],
  [0x8c, pushWith((reader) => reader.string(reader.uint8()))], // SHORT_BINUNICODE
  [0x8d, pushWith((reader) => reader.string(reader.length64()))], // BINUNICODE8
  [character('C'), pushWith((reader) => bytesOf(reader, reader.uint8()))],
  [character('B'), pushWith((reader) => bytesOf(reader, reader.uint32()))],
  [0x8e, pushWith((reader) => bytesOf(reader, reader.length64()))], // BINBYTES8
  [0x96, pushWith((reader) => bytesOf(reader, reader.length64()))], // BYTEARRAY8
  // Containers.
  [character(']'), pushWith(() => [])],
  [character(')'), pushWith(() => [])],
  [character('}'), pushWith(() => new Map())],
  [0x8f, pushWith(() => new Set())], // EMPTY_SET
  [character('l'), (machine) => machine.push(machine.popToMark())],
  [character('t'), (machine) => machine.push(machine.popToMark())],
  [0x85, (machine) => machine.push(machine.popMany(1))], // TUPLE1 …
  [0x86, (machine) => machine.push(machine.popMany(2))],
  [0x87, (machine) => machine.push(machine.popMany(3))],
  [character('d'), (machine) => machine.push(mapOf(machine.popToMark()))],
  [0x91, (machine) => machine.push(new Set(machine.popToMark()))], // FROZENSET
  [
    character('a'),
    (machine) => {
      const item = machine.pop();
      machine.array().push(item);
    },
  ],
  [
    character('e'),
    (machine) => {
      const items = machine.popToMark();
      const list = machine.array();
      for (const item of items) list.push(item);
    },
  ],
  [character('s'), (machine) => machine.setItems(machine.popMany(2))],
  [
    character('u'),
    (machine) => {
      const pairs = machine.popToMark();
      machine.setItems(pairs);
    },
  ],
  [
    0x90, // ADDITEMS
    (machine) => {
      const items = machine.popToMark();
      const set = machine.top();
      if (!(set instanceof Set)) throw new PickleDamagedError('Items are added to what is no set.');
      for (const item of items) set.add(item);
    },
  ],
  // Memory.
  [character('p'), (machine, reader) => machine.memorize(indexOf(reader.line()))],
  [character('q'), (machine, reader) => machine.memorize(reader.uint8())],
  [character('r'), (machine, reader) => machine.memorize(reader.uint32())],
  [0x94, (machine) => machine.memorize(machine.memo.size)], // MEMOIZE
  [character('g'), (machine, reader) => machine.recall(indexOf(reader.line()))],
  [character('h'), (machine, reader) => machine.recall(reader.uint8())],
  [character('j'), (machine, reader) => machine.recall(reader.uint32())],
  // Classes, functions and objects: the host decides.
  [character('c'), (machine, reader, host) => machine.push(host.global(reader.line(), reader.line()))],
  [
    0x93, // STACK_GLOBAL
    (machine, _, host) => {
      const [module, name] = machine.popMany(2);
      if (typeof module !== 'string' || typeof name !== 'string')
        throw new PickleDamagedError('A class has no name.');
      machine.push(host.global(module, name));
    },
  ],
  [
    character('R'),
    (machine) => {
      const [global, args] = machine.popMany(2);
      machine.push(call(global, args));
    },
  ],
  [
    0x81, // NEWOBJ
    (machine) => {
      const [global, args] = machine.popMany(2);
      machine.push(call(global, args));
    },
  ],
  [character('b'), build],
  [character('P'), (machine, reader, host) => machine.push(host.persistent(reader.line()))],
  [character('Q'), (machine, _, host) => machine.push(host.persistent(machine.pop()))],
]);

/**
 * Reads one pickle.
 * @param at where it begins in `bytes`
 * @returns the value, and where the pickle ends
 * @throws PickleDamagedError, PickleOpcodeError, and whatever the host throws
 */
export function unpickle(bytes: Uint8Array, host: PickleHost, at = 0): { value: PickleValue; end: number } {
  const reader = new Reader(bytes, at);
  const machine = new Machine();
  for (;;) {
    const opcode = reader.uint8();
    if (opcode === character('.')) break;
    const step = STEPS.get(opcode);
    if (step === undefined) {
      throw new PickleOpcodeError(
        opcode > 0x20 && opcode < 0x7f ? String.fromCharCode(opcode) : `0x${opcode.toString(16)}`,
      );
    }
    step(machine, reader, host);
  }
  const value = machine.pop();
  if (machine.stack.length > 0) throw new PickleDamagedError('Something is left on the stack.');
  return { value, end: reader.at };
}
