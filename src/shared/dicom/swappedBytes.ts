/** Rows that are looked at first; all of them where these look swapped. */
const SAMPLED_ROWS = 8;
/**
 * By how much neighbours must be nearer to each other once their bytes are swapped. Real CT has 1/700 to 1/25, noise
 * of any strength at most 1, so swapped CT has 25 and more; this lies in the middle (docs/dicom.md, "Swapped bytes").
 */
const SWAPPED_RATIO = 5;
/** What values of a CT look like with their bytes swapped: first bytes as of noise, few second ones but not one alone. */
const LEAST_FIRST_BYTES = 64;
const LEAST_SECOND_BYTES = 3;

/**
 * Whether words of 16 bits have their bytes the wrong way round, as a broken conversion leaves them under a sound
 * header: neighbours in a row are far nearer to each other when they are swapped. Values that fill only their upper bytes
 * look the same and are left alone.
 *
 * @param bytes little-endian words, row after row
 */
export function areBytesSwapped(bytes: Uint8Array, columns: number): boolean {
  const rows = Math.floor(bytes.length / 2 / columns);
  if (rows === 0 || columns < 2) return false;
  const sampled = Math.min(SAMPLED_ROWS, rows);
  const rowOfSample = (sample: number): number => Math.floor(((2 * sample + 1) * rows) / (2 * sampled));
  return (
    isSmootherSwapped(bytes, columns, sampled, rowOfSample) &&
    isSmootherSwapped(bytes, columns, rows, (row) => row) &&
    hasBytesOfSwapped(bytes)
  );
}

function isSmootherSwapped(
  bytes: Uint8Array,
  columns: number,
  rows: number,
  rowAt: (index: number) => number,
): boolean {
  let asRead = 0;
  let swapped = 0;
  for (let index = 0; index < rows; index++) {
    const from = 2 * columns * rowAt(index);
    let low = bytes[from]!;
    let high = bytes[from + 1]!;
    for (let at = from + 2; at < from + 2 * columns; at += 2) {
      const nextLow = bytes[at]!;
      const nextHigh = bytes[at + 1]!;
      // Differences of 16 bits, so that the values below zero lie beside those above.
      asRead += Math.abs((((nextHigh - high) * 256 + nextLow - low) << 16) >> 16);
      swapped += Math.abs((((nextLow - low) * 256 + nextHigh - high) << 16) >> 16);
      low = nextLow;
      high = nextHigh;
    }
  }
  return asRead > SWAPPED_RATIO * swapped;
}

function hasBytesOfSwapped(bytes: Uint8Array): boolean {
  const [first, second] = [new Set<number>(), new Set<number>()];
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    second.add(bytes[at]!);
    first.add(bytes[at + 1]!);
  }
  return first.size >= LEAST_FIRST_BYTES && second.size >= LEAST_SECOND_BYTES;
}
