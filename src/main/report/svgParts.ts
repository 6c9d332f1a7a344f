/*
 * Pieces of SVG for HTML, PDF and files alike: for figures, in the drawing's own units, and for small plots, whose field
 * has room for labels on its left and below.
 */

/** A plot as SVG, in the unit of its size, for HTML and PDF alike. */
export interface Plot {
  readonly svg: string;
  readonly caption: string;
}

export const WIDTH = 250;
export const HEIGHT = 150;
export const LEFT = 28;
export const RIGHT = 8;
export const TOP = 10;
export const BOTTOM = 24;
export const INK = '#1c2530';
export const QUIET = '#52606f';
export const RULE = '#d9dee3';
export const MARK = '#b4412e';

export const line = (from: readonly [number, number], to: readonly [number, number], style: string): string =>
  `<line x1="${at(from[0])}" y1="${at(from[1])}" x2="${at(to[0])}" y2="${at(to[1])}" ${style}/>`;

export const text = (
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  words: string,
  colour = QUIET,
): string => `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" fill="${colour}">${words}</text>`;

export const polyline = (points: readonly (readonly [number, number])[], colour: string): string =>
  `<polyline fill="none" stroke="${colour}" stroke-width="1.4" points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}"/>`;

export const at = (value: number): string => value.toFixed(1);

/** A rule across the field at each value, with the value on its left. @param y the height of a value */
export const valueRules = (values: readonly number[], y: (value: number) => number): string[] =>
  values.flatMap((value) => [
    line([LEFT, y(value)], [WIDTH - RIGHT, y(value)], `stroke="${RULE}"`),
    text(LEFT - 4, y(value) + 2.5, 'end', String(value)),
  ]);

// The family is that of the PDF's own font; a browser without it takes another.
export const svg = (body: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="NotoSans, sans-serif" font-size="7.5">${body.join('')}</svg>`;

export type Point2 = readonly [number, number];

export const polygon = (points: readonly Point2[], colour: string): string =>
  `<polygon fill="none" stroke="${colour}" stroke-width="1.2" points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}"/>`;

export const circle = ([x, y]: Point2, radius: number, colour: string): string =>
  `<circle cx="${at(x)}" cy="${at(y)}" r="${radius}" fill="${colour}"/>`;

/** A figure, square where no height is given. The family is that of the PDF's own font; a browser without it takes another. */
export const figureSvg = (side: number, fontSize: number, body: readonly string[], height = side): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${side}" height="${height}" viewBox="0 0 ${side} ${height}" font-family="NotoSans, sans-serif" font-size="${fontSize}">${body.join('')}</svg>`;
