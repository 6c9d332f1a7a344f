import { encode } from 'fast-png';
import { orientationLetters } from '#shared/geometry/orientationLetters.ts';
import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { PictureFrame } from '#shared/planning/simulatedProjection.ts';
import { escapeXml } from '../interchange/xmlText.ts';
import { figureSvg, INK, line, type Point2, polygon, polyline, text } from './svgParts.ts';

/** A figure's side in its own units. */
const SIDE = 250;
/** Readable in the summary's small figures. */
const FONT = 10;

/** Colours that colour-blind readers tell apart (Okabe and Ito), on the scan and on white. */
const ON_SCAN = {
  lumen: '#f0e442',
  maximum: '#56b4e9',
  minimum: '#e69f00',
  device: '#ff9ad5',
  mark: '#ffffff',
};
const ON_WHITE = { lumen: INK, maximum: '#0072b2', minimum: '#a85b00', device: '#b0307f', mark: INK };

/** What a figure is drawn on: the scan in its frame, or white where there is none. */
export interface FigurePaper {
  readonly colours: typeof ON_SCAN;
  /** Where a point is in the figure. */
  place(pointLpsMm: Vec3): Point2;
  label(point: Point2, anchor: 'start' | 'middle' | 'end', words: string, colour: string): string;
  diameter(from: Vec3, to: Vec3, words: string, colour: string): string;
  loop(pointsLpsMm: readonly Vec3[], colour: string, isClosed?: boolean): string;
  drawn(body: readonly string[], barMm: number): string;
}

/** The side of the patient that a direction points to most. */
const letterOf = (direction: Vec3): string => orientationLetters(direction).charAt(0);

const opposite = ([x, y, z]: Vec3): Vec3 => [-x, -y, -z];

/** What lies under a figure's lines. */
export interface FigurePicture {
  readonly pixels: Uint8Array;
  readonly channels: 1 | 3;
  readonly isDark: boolean;
}

/** @param picture null: white */
export function figurePaper(frame: PictureFrame, picture: FigurePicture | null): FigurePaper {
  const { centreLpsMm, right, down, sidePixels, mmPerPixel } = frame;
  const perMm = SIDE / (sidePixels * mmPerPixel);
  const colours = picture?.isDark ? ON_SCAN : ON_WHITE;
  const place = (point: Vec3): Point2 => {
    const offset = subtract(point, centreLpsMm);
    return [SIDE / 2 + perMm * dot(offset, right), SIDE / 2 + perMm * dot(offset, down)];
  };
  const label: FigurePaper['label'] = ([x, y], anchor, words, colour) => {
    const width = 5.6 * words.length + 5;
    const inside = Math.min(SIDE - 20, Math.max(25, y));
    const start = { start: x - 2, middle: x - width / 2, end: x - width + 2 }[anchor];
    const left = Math.min(SIDE - width - 2, Math.max(2, start));
    const back = picture?.isDark ? '#000000' : '#ffffff';
    return `<rect x="${left.toFixed(1)}" y="${(inside - 10).toFixed(1)}" width="${width.toFixed(1)}" height="13.5" fill="${back}" fill-opacity="0.6"/>${text(left + width / 2, inside, 'middle', escapeXml(words), colour)}`;
  };
  return {
    colours,
    place,
    label,
    diameter(from, to, words, colour) {
      const [a, b] = [place(from), place(to)];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
      const [x, y] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
      const style = `stroke="${colour}" stroke-width="1.2"`;
      const tick = (p: Point2): string =>
        line([p[0] - 4 * y, p[1] + 4 * x], [p[0] + 4 * y, p[1] - 4 * x], style);
      // Beyond the end that lies further to the right, so that the line stays free.
      const [end, sign]: readonly [Point2, number] = x >= 0 ? [b, 1] : [a, -1];
      const beyond: Point2 = [end[0] + sign * 8 * x, end[1] + sign * 12 * y + 3];
      const anchor = Math.abs(x) > 0.4 ? 'start' : 'middle';
      return line(a, b, style) + tick(a) + tick(b) + label(beyond, anchor, words, colour);
    },
    loop(points, colour, isClosed = true) {
      const flat = points.map(place);
      return isClosed ? polygon(flat, colour) : polyline(flat, colour);
    },
    drawn(body, barMm) {
      const image = picture
        ? `<image x="0" y="0" width="${SIDE}" height="${SIDE}" preserveAspectRatio="none" xlink:href="data:image/png;base64,${Buffer.from(encode({ width: sidePixels, height: sidePixels, channels: picture.channels, data: picture.pixels })).toString('base64')}"/>`
        : `<rect x="0.5" y="0.5" width="${SIDE - 1}" height="${SIDE - 1}" fill="#ffffff" stroke="#d9dee3"/>`;
      const bar: readonly [Point2, Point2] = [
        [SIDE - 8 - barMm * perMm, SIDE - 8],
        [SIDE - 8, SIDE - 8],
      ];
      return figureSvg(SIDE, FONT, [
        '<clipPath id="figure-frame"><rect x="0" y="0" width="250" height="250"/></clipPath>',
        image,
        `<g clip-path="url(#figure-frame)">${body.join('')}</g>`,
        line(...bar, `stroke="${colours.mark}" stroke-width="1.6"`),
        text(SIDE - 8, SIDE - 13, 'end', `${barMm} mm`, colours.mark),
        text(SIDE / 2, 12, 'middle', letterOf(opposite(down)), colours.mark),
        text(SIDE / 2, SIDE - 6, 'middle', letterOf(down), colours.mark),
        text(6, SIDE / 2 + 3, 'start', letterOf(opposite(right)), colours.mark),
        text(SIDE - 6, SIDE / 2 + 3, 'end', letterOf(right), colours.mark),
      ]);
    },
  };
}
