/**
 * The inner loop of trilinear sampling on the CPU, as a WebAssembly function of some hundred bytes, written here byte
 * by byte: four channels at a time with fixed-width SIMD, which JavaScript does not reach.
 *
 * blend(out, p0…p7, w0…w7, bytes): out[i] = Σₖ wₖ · pₖ[i] for `bytes`/4 floats; addresses are byte offsets into the
 * imported memory and `bytes` is a positive multiple of 16. blendOnto adds the sum to what is in out[i].
 */
export interface BlendKernels {
  readonly blend: BlendKernel;
  readonly blendOnto: BlendKernel;
}

/** One of the functions of {@link BlendKernels}. */
export type BlendKernel = (
  out: number,
  p0: number,
  p1: number,
  p2: number,
  p3: number,
  p4: number,
  p5: number,
  p6: number,
  p7: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
  w4: number,
  w5: number,
  w6: number,
  w7: number,
  bytes: number,
) => void;

const CORNERS = 8;
/** Floats that one step of the loop handles. */
export const BLEND_WIDTH = 4;

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const localGet = (index: number): number[] => [0x20, index];
const localSet = (index: number): number[] => [0x21, index];
const localTee = (index: number): number[] => [0x22, index];
const i32Const = (value: number): number[] => [0x41, value];
const I32_ADD = 0x6a;
const I32_LT_U = 0x49;
const LOOP_VOID = [0x03, 0x40];
const BRANCH_IF_0 = [0x0d, 0x00];
const END = 0x0b;
const simd = (...code: number[]): number[] => [0xfd, ...code];
// Memory operands: alignment as a power of two (4 bytes promised), then a constant offset.
const LOAD_V128 = simd(0x00, 0x02, 0x00);
const STORE_V128 = simd(0x0b, 0x02, 0x00);
const SPLAT_F32 = simd(0x13);
const ADD_F32X4 = simd(0xe4, 0x01);
const MUL_F32X4 = simd(0xe6, 0x01);

const OUT = 0;
const pointer = (corner: number): number => 1 + corner;
const weight = (corner: number): number => 1 + CORNERS + corner;
const BYTES = 1 + 2 * CORNERS;
const OFFSET = BYTES + 1;
const splat = (corner: number): number => OFFSET + 1 + corner;

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}
const sized = (content: readonly number[]): number[] => [...leb(content.length), ...content];
const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)];
const name = (text: string): number[] => sized([...new TextEncoder().encode(text)]);
const corners = <T>(of: (corner: number) => readonly T[]): T[] =>
  Array.from({ length: CORNERS }, (_, corner) => of(corner)).flat();

function functionBody(isOnto: boolean): number[] {
  const locals = [2, 1, I32, CORNERS, V128];
  const term = (corner: number): number[] => [
    ...localGet(pointer(corner)),
    ...localGet(OFFSET),
    I32_ADD,
    ...LOAD_V128,
    ...localGet(splat(corner)),
    ...MUL_F32X4,
    ...(corner === 0 && !isOnto ? [] : ADD_F32X4),
  ];
  return [
    ...locals,
    ...corners((corner) => [...localGet(weight(corner)), ...SPLAT_F32, ...localSet(splat(corner))]),
    ...LOOP_VOID,
    ...localGet(OUT),
    ...localGet(OFFSET),
    I32_ADD,
    ...(isOnto ? [...localGet(OUT), ...localGet(OFFSET), I32_ADD, ...LOAD_V128] : []),
    ...corners(term),
    ...STORE_V128,
    ...localGet(OFFSET),
    ...i32Const(4 * BLEND_WIDTH),
    I32_ADD,
    ...localTee(OFFSET),
    ...localGet(BYTES),
    I32_LT_U,
    ...BRANCH_IF_0,
    END,
    END,
  ];
}

/** https://webassembly.github.io/spec/core/binary/modules.html */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const parameters = [I32, ...corners(() => [I32]), ...corners(() => [F32]), I32];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...sized(parameters), 0]),
    ...section(2, [1, ...name('host'), ...name('memory'), 0x02, 0x00, 0x01]),
    ...section(3, [2, 0, 0]),
    ...section(7, [2, ...name('blend'), 0x00, 0, ...name('blendOnto'), 0x00, 1]),
    ...section(10, [2, ...sized(functionBody(false)), ...sized(functionBody(true))]),
  ]);
}

let compiled: WebAssembly.Module | undefined;

/** The kernels over a memory of at least one page. */
export function createBlendKernels(memory: WebAssembly.Memory): BlendKernels {
  compiled ??= new WebAssembly.Module(moduleBytes());
  const instance = new WebAssembly.Instance(compiled, { host: { memory } });
  // The module above exports exactly these functions.
  return instance.exports as unknown as BlendKernels;
}
