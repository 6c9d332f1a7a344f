import { PickleDamagedError, type PickleHost } from './pickle.ts';
import { buildObject, callGlobal, MARK, mapOf, type PickleMachine } from './pickleMachine.ts';
import { indexOf, integerOf, latin1, longOf, type PickleReader } from './pickleReader.ts';

/** What an opcode does with the stack, the bytes that follow it, and the host. */
type Step = (machine: PickleMachine, reader: PickleReader, host: PickleHost) => void;
/** The byte of an opcode that is a letter. */
export const character = (letter: string): number => letter.charCodeAt(0);

const bytesOf = (reader: PickleReader, length: number): Uint8Array => reader.take(length).slice();
const pushWith =
  (value: (reader: PickleReader) => unknown): Step =>
  (machine, reader) =>
    machine.push(value(reader));

/** What each opcode does, by its byte. Names as in pickletools. */
export const OPCODES: ReadonlyMap<number, Step> = new Map<number, Step>([
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
      machine.push(callGlobal(global, args));
    },
  ],
  [
    0x81, // NEWOBJ
    (machine) => {
      const [global, args] = machine.popMany(2);
      machine.push(callGlobal(global, args));
    },
  ],
  [character('b'), buildObject],
  [character('P'), (machine, reader, host) => machine.push(host.persistent(reader.line()))],
  [character('Q'), (machine, _, host) => machine.push(host.persistent(machine.pop()))],
]);
