/**
 * Instructions of WebAssembly's binary format that several hand-written kernels use, each as its bytes; what one kernel
 * alone needs stands beside it. https://webassembly.github.io/spec/core/binary/instructions.html
 */

export const I32 = 0x7f;
export const F64 = 0x7c;
/** Two numbers of 64 bits, four of 32, or eight of 16. */
export const V128 = 0x7b;

/** A type of parameters and locals. */
export type ValueType = typeof I32 | typeof F64 | typeof V128;

export const I32_ADD = 0x6a;
export const I32_LT_U = 0x49;
/** A loop without a result: it is left at its end, and begins again by {@link BRANCH_IF_0}. */
export const LOOP: readonly number[] = [0x03, 0x40];
export const IF: readonly number[] = [0x04, 0x40];
/** Back to the begin of the innermost loop where the number on the stack is not 0. */
export const BRANCH_IF_0: readonly number[] = [0x0d, 0x00];
export const END = 0x0b;
/** Of a, b and a mask: a where the mask is set, else b. */
export const SELECT_V128: readonly number[] = [0xfd, 0x52];
export const ADD_F64X2: readonly number[] = [0xfd, 0xf0, 0x01];
export const MUL_F64X2: readonly number[] = [0xfd, 0xf2, 0x01];

/** Unsigned LEB128, as lengths and indices are written. */
export const leb = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(Math.floor(value / 128))];

/** Signed LEB128 of a number that is not negative. */
const signedLeb = (value: number): number[] =>
  value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb(Math.floor(value / 128))];

export const get = (local: number): number[] => [0x20, local];
export const set = (local: number): number[] => [0x21, local];
export const tee = (local: number): number[] => [0x22, local];
/** @param value 0 or more */
export const i32Const = (value: number): number[] => [0x41, ...signedLeb(value)];

// Memory operands: alignment as a power of two (8 bytes promised), then a constant offset.
export const loadV128 = (offset: number): number[] => [0xfd, 0x00, 0x03, ...leb(offset)];
export const storeV128 = (offset: number): number[] => [0xfd, 0x0b, 0x03, ...leb(offset)];
/** One number of 64 bits, twice. */
export const loadF64Twice = (offset: number): number[] => [0xfd, 0x0a, 0x03, ...leb(offset)];
