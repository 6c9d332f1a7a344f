/**
 * The look-up of stored words in HU as a WebAssembly function, written here byte by byte: eight words at a time with
 * fixed-width SIMD, which JavaScript does not reach. CT files mostly store HU shifted by one number; words that do not
 * become HU so (padding, values out of range) are looked up.
 *
 * toHu(at, end, first, span, shift): words from byte `at` to `end` of the imported memory become HU in place, the word
 * `w` by adding `shift` where (w − first) mod 2¹⁶ ≤ span, else by the table at byte 0. Up to 14 bytes after `end` change.
 */
type ToHu = (at: number, end: number, first: number, span: number, shift: number) => void;

/** Words that become HU by adding one number: `first` and the `span` words after it, 0 following 65535. */
export interface WordRun {
  readonly first: number;
  readonly span: number;
  readonly shift: number;
}

/** The part of the platform's WebAssembly that is used here. */
interface Assembly {
  readonly Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, object>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
}

const PAGE_BYTES = 65536;
const TABLE_WORDS = 65536;
const WORDS_AT = 2 * TABLE_WORDS;
/** Words that are handled in one go: they and the table stay in a processor's second cache. */
const CHUNK_WORDS = 65536;
const PAGES = (WORDS_AT + 2 * CHUNK_WORDS) / PAGE_BYTES + 1;

export interface HounsfieldKernel {
  /**
   * Looks up the HU of `count` stored words into `out` from voxel `outOffset` on.
   *
   * @param table the HU of all 65536 words
   */
  look(
    stored: Uint8Array,
    table: Int16Array,
    run: WordRun,
    count: number,
    out: Int16Array,
    outOffset: number,
  ): void;
}

let kernel: HounsfieldKernel | 'none' | undefined;

/** The kernel of this thread; undefined where the platform lacks fixed-width SIMD. */
export function hounsfieldKernel(): HounsfieldKernel | undefined {
  kernel ??= createKernel() ?? 'none';
  return kernel === 'none' ? undefined : kernel;
}

function createKernel(): HounsfieldKernel | undefined {
  // Node and browsers both have it; neither's types are known to this room.
  const { WebAssembly: assembly } = globalThis as unknown as { readonly WebAssembly?: Assembly };
  const code = moduleBytes();
  if (assembly === undefined || !assembly.validate(code)) return undefined;
  const memory = new assembly.Memory({ initial: PAGES });
  const { exports } = new assembly.Instance(new assembly.Module(code), { host: { memory } });
  // The module exports exactly this function.
  const toHu = exports.toHu as ToHu;
  const loaded = new Int16Array(memory.buffer, 0, TABLE_WORDS);
  const bytes = new Uint8Array(memory.buffer, WORDS_AT);
  const words = new Int16Array(memory.buffer, WORDS_AT);
  let loadedFrom: Int16Array | undefined;
  return {
    look(stored, table, { first, span, shift }, count, out, outOffset) {
      if (loadedFrom !== table) loaded.set(table);
      loadedFrom = table;
      for (let from = 0; from < count; from += CHUNK_WORDS) {
        const n = Math.min(CHUNK_WORDS, count - from);
        bytes.set(stored.subarray(2 * from, 2 * (from + n)));
        toHu(WORDS_AT, WORDS_AT + 2 * n, first, span, shift);
        out.set(n === words.length ? words : words.subarray(0, n), outOffset + from);
      }
    },
  };
}

const [AT, TO, FIRST, SPAN, SHIFT] = [0, 1, 2, 3, 4] as const;
const STOP = 5;
const [WORDS, FIRSTS, SPANS, SHIFTS] = [6, 7, 8, 9] as const;
const I32 = 0x7f;
const V128 = 0x7b;
const get = (index: number): number[] => [0x20, index];
const set = (index: number): number[] => [0x21, index];
const tee = (index: number): number[] => [0x22, index];
const i32Const = (value: number): number[] => [0x41, value];
const I32_ADD = 0x6a;
const I32_LT_U = 0x49;
const I32_SHL = 0x74;
const LOOP = [0x03, 0x40];
const IF = [0x04, 0x40];
const ELSE = 0x05;
const END = 0x0b;
const BRANCH_IF_0 = [0x0d, 0x00];
// Memory operands: alignment as a power of two (2 bytes promised), then a constant offset.
const LOAD_16_U = [0x2f, 0x01, 0x00];
const STORE_16 = [0x3b, 0x01, 0x00];
const LOAD_V128 = [0xfd, 0x00, 0x01, 0x00];
const STORE_V128 = [0xfd, 0x0b, 0x01, 0x00];
const SPLAT_I16X8 = [0xfd, 0x10];
const ADD_I16X8 = [0xfd, 0x8e, 0x01];
const SUB_I16X8 = [0xfd, 0x91, 0x01];
const GREATER_U_I16X8 = [0xfd, 0x32];
const ANY_TRUE = [0xfd, 0x53];

const advance = (bytes: number): number[] => [...get(AT), ...i32Const(bytes), I32_ADD];

/** Eight words one by one: memory[at] = memory[2 · memory[at]]. */
const lookEach = (): number[] => [
  ...[...advance(16), ...set(STOP)],
  ...LOOP,
  ...get(AT),
  ...[...get(AT), ...LOAD_16_U, ...i32Const(1), I32_SHL, ...LOAD_16_U],
  ...STORE_16,
  ...[...advance(2), ...tee(AT), ...get(STOP), I32_LT_U, ...BRANCH_IF_0],
  END,
];

const functionBody = (): number[] => [
  ...[2, 1, I32, 4, V128],
  ...[...get(FIRST), ...SPLAT_I16X8, ...set(FIRSTS)],
  ...[...get(SPAN), ...SPLAT_I16X8, ...set(SPANS)],
  ...[...get(SHIFT), ...SPLAT_I16X8, ...set(SHIFTS)],
  ...LOOP,
  ...[...get(AT), ...LOAD_V128, ...tee(WORDS), ...get(FIRSTS), ...SUB_I16X8],
  ...[...get(SPANS), ...GREATER_U_I16X8, ...ANY_TRUE],
  ...IF,
  ...lookEach(),
  ELSE,
  ...[...get(AT), ...get(WORDS), ...get(SHIFTS), ...ADD_I16X8, ...STORE_V128],
  ...[...advance(16), ...set(AT)],
  END,
  ...[...get(AT), ...get(TO), I32_LT_U, ...BRANCH_IF_0],
  END,
  END,
];

/** Every length here takes one byte or two. */
const sized = (content: readonly number[]): number[] =>
  content.length < 0x80
    ? [content.length, ...content]
    : [(content.length & 0x7f) | 0x80, content.length >> 7, ...content];
const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)];
const name = (text: string): number[] => sized([...text].map((letter) => letter.charCodeAt(0)));

/** https://webassembly.github.io/spec/core/binary/modules.html */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...sized([I32, I32, I32, I32, I32]), 0]),
    ...section(2, [1, ...name('host'), ...name('memory'), 0x02, 0x00, 0x01]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('toHu'), 0x00, 0]),
    ...section(10, [1, ...sized(functionBody())]),
  ]);
}
