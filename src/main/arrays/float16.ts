/** IEEE 754 half precision, as unsigned 16-bit integers. */
const bits = new DataView(new ArrayBuffer(4));

/** Rounds to the nearest half (ties to even); overflow becomes infinity, NaN stays NaN. */
export function toFloat16Bits(value: number): number {
  bits.setFloat32(0, value);
  const single = bits.getUint32(0);
  const sign = (single >>> 16) & 0x8000;
  const exponent = (single >>> 23) & 0xff;
  const mantissa = single & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  const halfExponent = exponent - 112;
  if (halfExponent >= 31) return sign | 0x7c00;
  if (halfExponent < -10) return sign;
  // A subnormal half shifts the mantissa, with its hidden bit, by as much as the exponent falls short.
  const shift = halfExponent > 0 ? 13 : 14 - halfExponent;
  const full = halfExponent > 0 ? mantissa : mantissa | 0x800000;
  const kept = full >>> shift;
  const rest = full & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const roundUp = rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0;
  // A carry out of the mantissa runs into the exponent, which is what rounding up to the next binade means.
  return sign | ((halfExponent > 0 ? halfExponent << 10 : 0) + kept + roundUp);
}

/** The values of all halves: weights are millions of them, and the formula would take as long as the rest of a start. */
let values: Float32Array | undefined;

export function fromFloat16Bits(half: number): number {
  values ??= Float32Array.from({ length: 65_536 }, (_, bits16) => decoded(bits16));
  return values[half & 0xffff]!;
}

function decoded(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
