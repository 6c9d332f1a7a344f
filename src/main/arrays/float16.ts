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

let values: Float32Array | undefined;

/** The values of all halves, by their bits: weights are millions of them, and each start of the program waits for them. */
export function float16Values(): Float32Array {
  if (values) return values;
  const singles = new Uint32Array(65_536);
  for (let half = 0; half < singles.length; half++) {
    const exponent = (half >>> 10) & 0x1f;
    // Infinities and NaN stay what they are; the exponent of others counts from 112 less.
    const single = exponent === 31 ? 255 : exponent + 112;
    singles[half] = ((half & 0x8000) << 16) | (single << 23) | ((half & 0x3ff) << 13);
  }
  values = new Float32Array(singles.buffer);
  // Those below 2⁻¹⁴ have no hidden bit.
  for (let mantissa = 0; mantissa < 1024; mantissa++) {
    values[mantissa] = mantissa * 2 ** -24;
    values[0x8000 | mantissa] = -mantissa * 2 ** -24;
  }
  return values;
}

export const fromFloat16Bits = (half: number): number => float16Values()[half & 0xffff]!;
