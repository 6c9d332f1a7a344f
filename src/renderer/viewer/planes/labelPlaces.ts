/** Where words stand in a pane, in pixels. */
export interface LabelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Between words of different shapes, and between words and the pane's edge. */
const GAP_PIXELS = 3;

const meet = (a: LabelBox, b: LabelBox): boolean =>
  a.left < b.left + b.width + GAP_PIXELS &&
  b.left < a.left + a.width + GAP_PIXELS &&
  a.top < b.top + b.height + GAP_PIXELS &&
  b.top < a.top + a.height + GAP_PIXELS;

/**
 * Places of words that do not lie on each other: each, in its turn, as far up or down from where it belongs as those
 * before it make it, within the pane. Where a pane is full of words, they stay where they belong.
 */
export function apart(
  boxes: readonly LabelBox[],
  { heightPixels }: { readonly heightPixels: number },
): readonly LabelBox[] {
  const placed: LabelBox[] = [];
  for (const box of boxes) {
    const { height } = box;
    const isFree = (top: number): boolean =>
      (top === box.top || (top >= GAP_PIXELS && top + height + GAP_PIXELS <= heightPixels)) &&
      placed.every((other) => !meet({ ...box, top }, other));
    // Nearest of all is where it belongs, then right below or above one of the others.
    const tops = [
      box.top,
      ...placed.flatMap((other) => [other.top + other.height + GAP_PIXELS, other.top - height - GAP_PIXELS]),
    ].sort((a, b) => Math.abs(a - box.top) - Math.abs(b - box.top));
    placed.push({ ...box, top: tops.find(isFree) ?? box.top });
  }
  return placed;
}
