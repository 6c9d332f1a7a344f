/** Lengths that a person reads at a glance, mm. */
const LENGTHS_MM = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** The longest round length that fits in `widestPixels`; the shortest one where none fits. */
export function scaleBar(
  mmPerPixel: number,
  widestPixels: number,
): { readonly lengthMm: number; readonly pixels: number } {
  const fitting = LENGTHS_MM.filter((lengthMm) => lengthMm / mmPerPixel <= widestPixels);
  const lengthMm = fitting.at(-1) ?? LENGTHS_MM[0]!;
  return { lengthMm, pixels: lengthMm / mmPerPixel };
}
