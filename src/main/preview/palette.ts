import type { Rgb } from './canvas.ts';

/** The preview's colours: calm and dark, wall and ostium told apart by hue and brightness (also by the colour-blind). */
export const PALETTE = {
  background: [16, 19, 24],
  panel: [25, 29, 36],
  beyond: [20, 25, 33],
  shadow: [0, 0, 0],
  text: [226, 231, 238],
  quiet: [139, 149, 163],
  rule: [48, 55, 66],
  letter: [240, 214, 140],
  wall: [62, 207, 196],
  ostium: [255, 171, 64],
  /** The lumen's side of the wall. */
  inside: [34, 110, 106],
  cap: [255, 190, 112],
  warning: [255, 196, 110],
} as const satisfies Record<string, Rgb>;
