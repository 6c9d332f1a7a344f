import { leb, type ValueType } from './instructions.ts';

/** A function that a module exports; it returns nothing. */
export interface ModuleFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  /** Its locals and instructions, with the last `END`. */
  readonly body: readonly number[];
}

/** A module of exported functions on one memory. */
export interface ModuleDescription {
  /** Imported as `host.memory`, at least a page; or one page of its own, exported as `memory`. */
  readonly memory: 'imported' | 'own';
  readonly functions: readonly ModuleFunction[];
}

const FUNCTION_TYPE = 0x60;
const FUNCTION = 0x00;
const MEMORY = 0x02;
/** A memory of one page or more. */
const FROM_ONE_PAGE = [0x00, 0x01];

const sized = (content: readonly number[]): number[] => [...leb(content.length), ...content];
const list = (entries: readonly (readonly number[])[]): number[] => [
  ...leb(entries.length),
  ...entries.flat(),
];
const section = (id: number, entries: readonly (readonly number[])[]): number[] =>
  entries.length === 0 ? [] : [id, ...sized(list(entries))];
/** @param text ASCII */
const name = (text: string): number[] => sized([...text].map((letter) => letter.charCodeAt(0)));

/** A module in WebAssembly's binary format: https://webassembly.github.io/spec/core/binary/modules.html */
export function moduleBytes({ memory, functions }: ModuleDescription): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [FUNCTION_TYPE, ...sized(parameters), 0]);
  const distinct = [...new Map(types.map((type) => [type.join(), type])).values()];
  const typeIndex = (type: readonly number[]): number =>
    distinct.findIndex((other) => other.join() === type.join());
  const isOwn = memory === 'own';
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, distinct),
    ...section(2, isOwn ? [] : [[...name('host'), ...name('memory'), MEMORY, ...FROM_ONE_PAGE]]),
    ...section(
      3,
      types.map((type) => leb(typeIndex(type))),
    ),
    ...section(5, isOwn ? [FROM_ONE_PAGE] : []),
    ...section(7, [
      ...(isOwn ? [[...name('memory'), MEMORY, 0]] : []),
      ...functions.map((one, index) => [...name(one.name), FUNCTION, ...leb(index)]),
    ]),
    ...section(
      10,
      functions.map(({ body }) => sized(body)),
    ),
  ]);
}
