/**
 * The look-up of stored words in HU as WebAssembly functions, written here byte by byte: eight words at a time with
 * fixed-width SIMD, which JavaScript does not reach. CT files mostly store HU shifted by one number; words that do not
 * become HU so (padding, values out of range) are looked up.
 */
interface KernelFunctions {
  /**
   * Words from byte `at` to `end` of the imported memory become HU in place, the word `w` by adding `shift` where
   * (w − first) mod 2¹⁶ ≤ span, else by the table at byte 0. Up to 14 bytes after `end` change.
   */
  readonly toHu: (at: number, end: number, first: number, span: number, shift: number) => void;
  /** The bits that are set in any pair of words from byte `at` to `end`; these are a multiple of eight. */
  readonly bitsOfAny: (at: number, end: number) => number;
}

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
/** Words that are handled at once. */
const STEP_BYTES = 16;
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

/** Words in a volume's memory, on which the kernel works without copying them. */
export interface KernelWords {
  /** The bits that are set in any of them. */
  bitsOfAny(): number;
  /** They become HU. @param table the HU of all 65536 words */
  toHu(table: Int16Array, run: WordRun): void;
}

let kernel: HounsfieldKernel | 'none' | undefined;

/** The kernel of this thread; undefined where the platform lacks fixed-width SIMD. */
export function hounsfieldKernel(): HounsfieldKernel | undefined {
  kernel ??= createKernel() ?? 'none';
  return kernel === 'none' ? undefined : kernel;
}

/** Kernels that work within the memory of a volume. */
const volumes = new WeakMap<ArrayBufferLike, KernelInstance>();

/**
 * A volume's memory in which the kernel works without copying; undefined where there is no kernel, or no such memory.
 * It cannot be moved to other threads.
 */
export function allocateForKernel(voxels: number): Int16Array | undefined {
  const bytes = WORDS_AT + Int16Array.BYTES_PER_ELEMENT * voxels;
  try {
    const instance = createInstance(Math.ceil(bytes / PAGE_BYTES));
    if (instance === undefined) return undefined;
    volumes.set(instance.buffer, instance);
    return new Int16Array(instance.buffer, WORDS_AT, voxels);
  } catch {
    return undefined;
  }
}

/** The words that lie in some bytes, where these are part of a volume that was allocated for the kernel. */
export function kernelWords({ buffer, byteOffset: at, byteLength }: Uint8Array): KernelWords | undefined {
  const instance = volumes.get(buffer);
  // Only whole steps: what lies behind the words is another slice.
  if (instance === undefined || byteLength === 0 || byteLength % STEP_BYTES !== 0) return undefined;
  const { functions, load } = instance;
  return {
    bitsOfAny() {
      const pairs = functions.bitsOfAny(at, at + byteLength);
      return (pairs | (pairs >>> 16)) & 0xffff;
    },
    toHu(table, { first, span, shift }) {
      load(table);
      functions.toHu(at, at + byteLength, first, span, shift);
    },
  };
}

interface KernelInstance {
  readonly buffer: ArrayBuffer;
  readonly functions: KernelFunctions;
  /** Puts a table where `toHu` looks. */
  readonly load: (table: Int16Array) => void;
}

function createInstance(pages: number): KernelInstance | undefined {
  // Node and browsers both have it; neither's types are known to this room.
  const { WebAssembly: assembly } = globalThis as unknown as { readonly WebAssembly?: Assembly };
  const code = moduleBytes();
  if (assembly === undefined || !assembly.validate(code)) return undefined;
  const memory = new assembly.Memory({ initial: pages });
  const { exports } = new assembly.Instance(new assembly.Module(code), { host: { memory } });
  const { buffer } = memory;
  const loaded = new Int16Array(buffer, 0, TABLE_WORDS);
  let loadedFrom: Int16Array | undefined;
  return {
    buffer,
    // The module exports exactly these functions.
    functions: exports as unknown as KernelFunctions,
    load(table) {
      if (loadedFrom !== table) loaded.set(table);
      loadedFrom = table;
    },
  };
}

function createKernel(): HounsfieldKernel | undefined {
  const instance = createInstance(PAGES);
  if (instance === undefined) return undefined;
  const { functions, buffer, load } = instance;
  const bytes = new Uint8Array(buffer, WORDS_AT);
  const words = new Int16Array(buffer, WORDS_AT);
  return {
    look(stored, table, { first, span, shift }, count, out, outOffset) {
      load(table);
      for (let from = 0; from < count; from += CHUNK_WORDS) {
        const n = Math.min(CHUNK_WORDS, count - from);
        bytes.set(stored.subarray(2 * from, 2 * (from + n)));
        functions.toHu(WORDS_AT, WORDS_AT + 2 * n, first, span, shift);
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
const OR_V128 = [0xfd, 0x50];
const extractI32 = (lane: number): number[] => [0xfd, 0x1b, lane];
const I32_OR = 0x72;

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

/** Their parameters are `at` and `end`, as in `toHu`. */
const BITS = 2;
const bitsOfAnyBody = (): number[] => [
  ...[1, 1, V128],
  ...LOOP,
  ...[...get(AT), ...LOAD_V128, ...get(BITS), ...OR_V128, ...set(BITS)],
  ...[...advance(16), ...tee(AT), ...get(TO), I32_LT_U, ...BRANCH_IF_0],
  END,
  ...[0, 1, 2, 3].flatMap((lane) => [...get(BITS), ...extractI32(lane), ...(lane > 0 ? [I32_OR] : [])]),
  END,
];

const toHuBody = (): number[] => [
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
    ...section(1, [2, 0x60, ...sized([I32, I32, I32, I32, I32]), 0, 0x60, ...sized([I32, I32]), 1, I32]),
    ...section(2, [1, ...name('host'), ...name('memory'), 0x02, 0x00, 0x01]),
    ...section(3, [2, 0, 1]),
    ...section(7, [2, ...name('toHu'), 0x00, 0, ...name('bitsOfAny'), 0x00, 1]),
    ...section(10, [2, ...sized(toHuBody()), ...sized(bitsOfAnyBody())]),
  ]);
}
