import { type Canvas, type Point, type Rgb, strokeLines } from './canvas.ts';

/**
 * A plain rounded typeface made of lines and arcs. A glyph is its advance width and its strokes: points `x,y` and
 * elliptical arcs `@cx,cy,rx,ry,from,to` (degrees, counter-clockwise positive), joined by straight lines; `|` lifts
 * the pen. Units: capitals are 7 high, small letters 5, the baseline is 0, y upward.
 */
const GLYPHS: Readonly<Record<string, readonly [number, string]>> = {
  ' ': [2.4, ''],
  '0': [5, '@2.5,5,2,2,0,180 @2.5,2,2,2,180,360 4.5,5'],
  '1': [5, '1,5.7 2.8,7 2.8,0'],
  '2': [5, '@2.5,5,2,2,165,-30 0.5,0 4.6,0'],
  '3': [5, '@2.4,5.25,1.8,1.75,150,-90 @2.4,1.75,2,1.75,90,-150'],
  '4': [5.2, '3.7,0 3.7,7 0.4,2 4.9,2'],
  '5': [5, '4.3,7 1.1,7 0.85,3.9 @2.4,2.25,2.1,2.25,133,-148'],
  '6': [5, '0.5,2.2 @4.3,2.3,3.8,4.7,180,103 | @2.5,2.15,2,2.15,0,360'],
  '7': [5, '0.5,7 4.6,7 1.8,0'],
  '8': [5, '@2.5,5.3,1.7,1.7,0,360 | @2.5,1.8,2,1.8,0,360'],
  '9': [5, '@2.5,4.85,2,2.15,0,360 | 4.5,4.8 @0.7,4.7,3.8,4.7,0,-77'],
  '.': [2, '1,0.15'],
  ',': [2, '1.1,0.2 0.7,-1.2'],
  ':': [2, '1,0.15 | 1,4.4'],
  ';': [2, '1.1,0.2 0.7,-1.2 | 1.1,4.4'],
  '!': [2, '1,7 1,2.2 | 1,0.15'],
  '?': [4.6, '@2.3,5.2,1.8,1.8,165,-60 2.3,2.9 2.3,2.2 | 2.3,0.15'],
  "'": [1.6, '0.8,7.2 0.8,5.4'],
  '"': [3, '0.8,7.2 0.8,5.4 | 2.2,7.2 2.2,5.4'],
  '-': [3.6, '0.6,2.8 3,2.8'],
  '–': [5, '0.5,2.8 4.5,2.8'],
  '—': [7.6, '0.4,2.8 7.2,2.8'],
  '−': [5, '0.5,3 4.5,3'],
  '+': [5, '0.5,3 4.5,3 | 2.5,1 2.5,5'],
  '±': [5, '0.5,3.6 4.5,3.6 | 2.5,1.8 2.5,5.4 | 0.5,0.4 4.5,0.4'],
  '×': [5, '0.9,1.4 4.1,4.6 | 0.9,4.6 4.1,1.4'],
  '=': [5, '0.5,4 4.5,4 | 0.5,2 4.5,2'],
  '<': [5, '4.4,5.2 0.6,3 4.4,0.8'],
  '>': [5, '0.6,5.2 4.4,3 0.6,0.8'],
  '≤': [5, '4.4,6 0.6,3.9 4.4,1.8 | 0.6,0.3 4.4,0.3'],
  '≥': [5, '0.6,6 4.4,3.9 0.6,1.8 | 0.6,0.3 4.4,0.3'],
  '→': [6.4, '0.5,3 5.9,3 | 3.9,5 5.9,3 3.9,1'],
  '/': [3.8, '0.3,-0.8 3.5,7.4'],
  '\\': [3.8, '0.3,7.4 3.5,-0.8'],
  '|': [2, '1,-1 1,7.6'],
  '(': [2.8, '@4.2,3.2,3.4,5.4,128,232'],
  ')': [2.8, '@-1.4,3.2,3.4,5.4,52,-52'],
  '[': [2.8, '2.3,7.6 0.8,7.6 0.8,-1.2 2.3,-1.2'],
  ']': [2.8, '0.5,7.6 2,7.6 2,-1.2 0.5,-1.2'],
  '%': [6.8, '1.1,0 5.7,7 | @1.75,5.5,1.25,1.5,0,360 | @5.05,1.5,1.25,1.5,0,360'],
  '&': [6.2, '5.9,0 1.6,4.7 @2.6,5.6,1.4,1.4,210,-30 @2.5,1.9,2.1,1.9,120,330 5.6,3.4'],
  '#': [5.6, '1.4,0 2.4,7 | 3.4,0 4.4,7 | 0.4,2.3 5,2.3 | 0.8,4.8 5.4,4.8'],
  '*': [4, '2,7 2,4 | 0.7,6.3 3.3,4.7 | 0.7,4.7 3.3,6.3'],
  _: [4.6, '0,-1 4.6,-1'],
  '~': [5, '0.5,2.6 @1.5,2.6,1,0.9,180,0 @3.5,2.6,1,0.9,180,360'],
  $: [5.1, '@2.55,5.25,1.85,1.75,40,270 @2.55,1.75,2.05,1.75,90,-142 | 2.55,-1 2.55,8'],
  '^': [4, '0.6,5.4 2,7.2 3.4,5.4'],
  '`': [2.4, '0.8,7.4 1.7,6.2'],
  '°': [3, '@1.5,5.9,1,1,0,360'],
  '²': [3.2, '@1.5,6.5,1.1,1.1,165,-30 0.4,3.9 2.7,3.9'],
  '³': [3.2, '@1.4,6.7,1,0.95,150,-90 @1.4,4.75,1.1,1,90,-150'],
  '·': [2.4, '1.2,2.8'],
  '…': [5.6, '0.8,0.15 | 2.8,0.15 | 4.8,0.15'],
  µ: [4.8, '0.7,5 0.7,-2 | 0.7,2 @2.3,2,1.6,2,180,360 | 3.9,5 3.9,0'],
  '√': [5.4, '0.3,3.4 1.3,3.8 2.4,0.2 4,7.4 5.4,7.4'],
  π: [5.4, '0.4,4.8 5,4.8 | 1.6,4.8 1.3,0 | 3.7,4.8 3.7,1.1 @4.6,1.1,0.9,1.1,180,270'],
  '@': [7.4, '@3.8,2.8,1.6,2,0,360 | 5.4,4.6 5.4,2 @6.1,2,0.7,1.2,180,300 @3.8,2.8,3.4,4,-20,300'],
  '{': [3, '2.6,7.6 1.5,7.2 1.5,4 0.6,3.2 1.5,2.4 1.5,-0.8 2.6,-1.2'],
  '}': [3, '0.4,7.6 1.5,7.2 1.5,4 2.4,3.2 1.5,2.4 1.5,-0.8 0.4,-1.2'],
  '“': [3.4, '1.4,7.2 0.9,5.8 | 2.9,7.2 2.4,5.8'],
  '”': [3.4, '1,7.2 0.5,5.8 | 2.5,7.2 2,5.8'],
  '’': [1.8, '1.1,7.2 0.6,5.8'],
  ß: [5, '0.7,0 0.7,5.4 @2.3,5.4,1.6,1.8,180,-60 1.9,3.9 @2.3,1.9,2.1,1.95,70,-120'],
  ı: [1.8, '0.9,5 0.9,0'],
  α: [5.2, '4.7,5 @2.3,2.5,1.8,2.5,40,320 4.8,0 | 3.68,4.1 4.2,1'],
  β: [5, '0.7,-2 0.7,5.2 @2.2,5.3,1.5,1.7,180,-90 | 1.8,3.6 @2.4,1.85,1.9,1.85,90,-150'],
  ø: [5, '@2.5,2.5,2,2.5,0,360 | 0.6,-0.5 4.4,5.5'],
  Ø: [6.6, '@3.3,3.5,2.8,3.5,0,360 | 0.9,-0.5 5.7,7.5'],
  A: [5.4, '0.2,0 2.7,7 5.2,0 | 1.06,2.4 4.34,2.4'],
  B: [5.3, '0.7,0 0.7,7 2.8,7 @2.8,5.3,1.7,1.7,90,-90 0.7,3.6 | 2.8,3.6 @2.8,1.8,2,1.8,90,-90 0.7,0'],
  C: [5.6, '@3.1,3.5,2.6,3.5,50,310'],
  D: [6, '0.7,0 0.7,7 2.5,7 @2.5,3.5,2.9,3.5,90,-90 0.7,0'],
  E: [5, '4.4,7 0.7,7 0.7,0 4.5,0 | 0.7,3.6 3.9,3.6'],
  F: [4.7, '4.4,7 0.7,7 0.7,0 | 0.7,3.5 3.8,3.5'],
  G: [6.2, '@3.2,3.5,2.7,3.5,50,355 3.5,3.2'],
  H: [5.8, '0.7,0 0.7,7 | 5.1,0 5.1,7 | 0.7,3.6 5.1,3.6'],
  I: [1.8, '0.9,0 0.9,7'],
  J: [4.2, '3.5,7 3.5,1.9 @1.9,1.9,1.6,1.9,0,-165'],
  K: [5.3, '0.7,0 0.7,7 | 4.9,7 0.7,2.7 | 2.1,4.15 5.1,0'],
  L: [4.5, '0.7,7 0.7,0 4.3,0'],
  M: [6.8, '0.7,0 0.7,7 3.4,2.2 6.1,7 6.1,0'],
  N: [5.8, '0.7,0 0.7,7 5.1,0 5.1,7'],
  O: [6.6, '@3.3,3.5,2.8,3.5,0,360'],
  P: [5.1, '0.7,0 0.7,7 2.8,7 @2.8,5.05,1.9,1.95,90,-90 0.7,3.1'],
  Q: [6.6, '@3.3,3.5,2.8,3.5,0,360 | 3.9,1.7 6,-0.5'],
  R: [5.3, '0.7,0 0.7,7 2.8,7 @2.8,5.1,1.9,1.9,90,-90 0.7,3.2 | 2.7,3.2 5,0'],
  S: [5.1, '@2.55,5.25,1.85,1.75,40,270 @2.55,1.75,2.05,1.75,90,-142'],
  T: [5.2, '0.2,7 5,7 | 2.6,7 2.6,0'],
  U: [5.8, '0.7,7 0.7,2.2 @2.9,2.2,2.2,2.2,180,360 5.1,7'],
  V: [5.4, '0.2,7 2.7,0 5.2,7'],
  W: [8, '0.3,7 2.1,0 4,6.4 5.9,0 7.7,7'],
  X: [5.2, '0.4,0 4.8,7 | 0.4,7 4.8,0'],
  Y: [5.2, '0.2,7 2.6,3.2 5,7 | 2.6,3.2 2.6,0'],
  Z: [5.2, '0.5,7 4.7,7 0.4,0 4.8,0'],
  a: [4.9, '@2.3,2.5,1.8,2.5,0,360 | 4.1,5 4.1,0'],
  b: [4.9, '0.7,7.3 0.7,0 | @2.5,2.5,1.8,2.5,0,360'],
  c: [4.4, '@2.45,2.5,1.95,2.5,50,310'],
  d: [4.9, '@2.3,2.5,1.8,2.5,0,360 | 4.1,7.3 4.1,0'],
  e: [4.9, '0.5,2.6 4.4,2.6 @2.45,2.6,1.95,2.4,0,180 @2.45,2.5,1.95,2.5,180,318'],
  f: [3.2, '1.4,0 1.4,5.7 @2.9,5.7,1.5,1.6,180,85 | 0.3,4.9 2.8,4.9'],
  g: [4.9, '@2.3,2.5,1.8,2.5,0,360 | 4.1,5 4.1,-0.4 @2.4,-0.4,1.7,1.7,0,-150'],
  h: [4.7, '0.7,7.3 0.7,0 | 0.7,3 @2.35,3,1.65,2,180,0 4,0'],
  i: [1.8, '0.9,5 0.9,0 | 0.9,6.9'],
  j: [2.2, '1.3,5 1.3,-0.6 @0,-0.6,1.3,1.4,0,-95 | 1.3,6.9'],
  k: [4.3, '0.7,7.3 0.7,0 | 3.9,5 0.7,1.9 | 1.85,3 4.1,0'],
  l: [2, '0.9,7.3 0.9,1 @1.8,1,0.9,1,180,265'],
  m: [6.8, '0.7,5 0.7,0 | 0.7,3.2 @2.05,3.2,1.35,1.8,180,0 3.4,0 | 3.4,3.2 @4.75,3.2,1.35,1.8,180,0 6.1,0'],
  n: [4.7, '0.7,5 0.7,0 | 0.7,3 @2.35,3,1.65,2,180,0 4,0'],
  o: [4.9, '@2.45,2.5,1.95,2.5,0,360'],
  p: [4.9, '0.7,5 0.7,-2 | @2.5,2.5,1.8,2.5,0,360'],
  q: [4.9, '4.1,5 4.1,-2 | @2.3,2.5,1.8,2.5,0,360'],
  r: [3.1, '0.7,5 0.7,0 | 0.7,2.8 @2.5,2.8,1.8,2.2,180,80'],
  s: [4.2, '@2.1,3.7,1.5,1.3,38,270 @2.1,1.2,1.65,1.2,90,-145'],
  t: [3.1, '1.3,6.6 1.3,1.3 @2.5,1.3,1.2,1.3,180,285 | 0.2,4.9 2.7,4.9'],
  u: [4.7, '0.7,5 0.7,2 @2.35,2,1.65,2,180,360 | 4,5 4,0'],
  v: [4.2, '0.2,5 2.1,0 4,5'],
  w: [6.4, '0.3,5 1.8,0 3.2,4.6 4.6,0 6.1,5'],
  x: [4.2, '0.4,0 3.8,5 | 0.4,5 3.8,0'],
  y: [4.3, '0.3,5 2.2,0.2 | 4.1,5 1.3,-2'],
  z: [4.2, '0.5,5 3.7,5 0.4,0 3.9,0'],
};

/** Marks over a letter, round x = 0 and for small letters; capitals and i lift them. */
const MARKS: Readonly<Record<string, string>> = {
  '\u0300': '-0.9,7.6 0.5,6.4',
  '\u0301': '-0.5,6.4 0.9,7.6',
  '\u0302': '-1.1,6.4 0,7.6 1.1,6.4',
  '\u0303': '@-0.7,6.8,0.7,0.5,180,0 @0.7,6.8,0.7,0.5,180,360',
  '\u0308': '-1,6.8 | 1,6.8',
  '\u030a': '@0,7.1,0.8,0.8,0,360',
  '\u030c': '-1.1,7.6 0,6.4 1.1,7.6',
  '\u0327': '0.1,-0.2 0.3,-1 -0.6,-1.6',
};

/** Drawn for characters that the typeface lacks. */
const MISSING: readonly [number, string] = [4.6, '0.7,0 0.7,5 3.9,5 3.9,0 0.7,0'];

const ARC_STEP_DEGREES = 12;

type Glyph = { readonly advance: number; readonly strokes: readonly (readonly Point[])[] };
const cache = new Map<string, Glyph>();

function glyphOf(character: string): Glyph {
  const known = cache.get(character);
  if (known !== undefined) return known;
  const own = GLYPHS[character];
  const glyph =
    own === undefined ? composedGlyph(character) : { advance: own[0], strokes: strokesOf(own[1]) };
  cache.set(character, glyph);
  return glyph;
}

const strokesOf = (path: string): Point[][] =>
  path
    .split('|')
    .map(strokeOf)
    .filter((stroke) => stroke.length > 0);

/** A letter with a mark, made of both; a box where either is unknown. */
function composedGlyph(character: string): Glyph {
  const [letter = '', mark = ''] = character.normalize('NFD');
  const base = GLYPHS[letter === 'i' ? 'ı' : letter];
  const markPath = MARKS[mark];
  if (base === undefined || markPath === undefined)
    return { advance: MISSING[0], strokes: strokesOf(MISSING[1]) };
  const [advance, path] = base;
  const lift = letter === letter.toUpperCase() && mark !== '\u0327' ? 1.9 : 0;
  const marks = strokesOf(markPath).map((stroke) =>
    stroke.map(([x, y]): Point => [x + advance / 2, y + lift]),
  );
  return { advance, strokes: [...strokesOf(path), ...marks] };
}

function strokeOf(path: string): Point[] {
  return path
    .split(' ')
    .filter(Boolean)
    .flatMap((token): Point[] => {
      if (!token.startsWith('@')) {
        const [x = 0, y = 0] = token.split(',').map(Number);
        return [[x, y]];
      }
      const [cx = 0, cy = 0, rx = 0, ry = 0, from = 0, to = 0] = token.slice(1).split(',').map(Number);
      const steps = Math.ceil(Math.abs(to - from) / ARC_STEP_DEGREES);
      return Array.from({ length: steps + 1 }, (_, step) => {
        const angle = ((from + ((to - from) * step) / steps) * Math.PI) / 180;
        return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
      });
    });
}

export interface TextStyle {
  readonly colour: Rgb;
  /** Height of capitals in pixels. */
  readonly capPixels: number;
  readonly align?: 'left' | 'centre' | 'right';
  readonly bold?: boolean;
  readonly opacity?: number;
  /** A dark rim, for text over pictures. */
  readonly halo?: boolean;
}

/** Space between characters, in glyph units. */
const TRACKING = 0.95;

/** Width of a text in pixels. */
export function textWidth(text: string, capPixels: number): number {
  const units = [...text].reduce((sum, character) => sum + glyphOf(character).advance + TRACKING, -TRACKING);
  return (Math.max(0, units) * capPixels) / 7;
}

/** Draws one line of text whose baseline begins (or is centred, or ends) at a point. */
export function drawText(canvas: Canvas, text: string, [x, baseline]: Point, style: TextStyle): void {
  const { capPixels, align = 'left', bold = false, colour, opacity = 1 } = style;
  const scale = capPixels / 7;
  const shift = align === 'left' ? 0 : textWidth(text, capPixels) * (align === 'right' ? 1 : 0.5);
  let pen = x - shift;
  const lines: Point[][] = [];
  for (const character of text) {
    const { advance, strokes } = glyphOf(character);
    for (const stroke of strokes)
      lines.push(stroke.map(([gx, gy]): Point => [pen + gx * scale, baseline - gy * scale]));
    pen += (advance + TRACKING) * scale;
  }
  if (style.halo) {
    const widthPixels = scale * (bold ? 1.25 : 0.82) + 3.5;
    strokeLines(canvas, lines, { colour: [0, 0, 0], opacity: 0.55, widthPixels });
  }
  strokeLines(canvas, lines, { colour, opacity, widthPixels: scale * (bold ? 1.25 : 0.82) });
}

/** Breaks a text into lines no wider than `widthPixels`, at spaces. */
export function wrapText(text: string, capPixels: number, widthPixels: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, capPixels) > widthPixels) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}
