import { at } from './plotSvg.ts';

/** Pieces of SVG for figures, beside those of plots. Coordinates are the drawing's own units. */

export type Point2 = readonly [number, number];

export const polygon = (points: readonly Point2[], colour: string): string =>
  `<polygon fill="none" stroke="${colour}" stroke-width="1.2" points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}"/>`;

export const circle = ([x, y]: Point2, radius: number, colour: string): string =>
  `<circle cx="${at(x)}" cy="${at(y)}" r="${radius}" fill="${colour}"/>`;

/** A square figure. The family is that of the PDF's own font; a browser without it takes another. */
export const figureSvg = (side: number, fontSize: number, body: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}" font-family="NotoSans, sans-serif" font-size="${fontSize}">${body.join('')}</svg>`;
