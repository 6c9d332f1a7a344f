/** Red, green, blue, 0–255. */
export type ScaleColour = readonly [number, number, number];

/** Colours at even steps from 0 to 1. */
export type ColourScale = readonly ScaleColour[];

/** From little to much: cividis (Nuñez, Anderton and Renslow 2018), made for readers who confuse colours. */
export const SEQUENTIAL: ColourScale = [
  [0, 32, 77],
  [49, 68, 107],
  [102, 105, 112],
  [149, 143, 120],
  [203, 186, 105],
  [255, 234, 70],
];

/** From below to above through nothing: blue, grey-white, orange-red (ColorBrewer's RdBu), safe for the same readers. */
export const DIVERGING: ColourScale = [
  [33, 102, 172],
  [103, 169, 207],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [239, 138, 98],
  [178, 24, 43],
];

/** The colour at a share of the scale, 0 to 1; what lies beyond has that of the end. */
export function colourAt(scale: ColourScale, share: number): ScaleColour {
  const place = Math.min(1, Math.max(0, share)) * (scale.length - 1);
  const low = Math.min(scale.length - 2, Math.floor(place));
  const [from, to] = [scale[low]!, scale[low + 1]!];
  const mixed = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (place - low) * (to[channel] - from[channel]));
  return [mixed(0), mixed(1), mixed(2)];
}

/** Colours of values, 3 numbers each; `least` has the first colour and `most` the last. */
export function coloursOf(
  values: ArrayLike<number>,
  scale: ColourScale,
  [least, most]: readonly [number, number],
): Uint8Array {
  const colours = new Uint8Array(3 * values.length);
  for (let index = 0; index < values.length; index++) {
    colours.set(colourAt(scale, (values[index]! - least) / (most - least)), 3 * index);
  }
  return colours;
}
