import { encode } from 'fast-png';
import { orientationLetters } from '#shared/geometry/orientationLetters.ts';
import { scale, subtract } from '#shared/geometry/vec3.ts';
import { landingDistances, straightenedFrames } from '#shared/planning/figureFrames.ts';
import { MARK_COLOURS, reformatMarks } from '#shared/planning/reformatPixels.ts';
import { placeAt, type ReformatFrame, straightenedPlaces } from '#shared/planning/straightenedReformat.ts';
import type { ReportInput } from './reportInput.ts';
import { at, figureSvg, line, type Plot, text } from './svgParts.ts';

const WIDTH = 250;
const FONT = 9;
const BAR_MM = 10;
const LINE = '#8fd3ff';
/** Readable on the scan and, where none came along, on the grey in its place. */
const ZONE = '#b6f05a';
const LETTERS = '#ffffff';
const NO_SCAN = 70;

/**
 * The scan straightened along the centre line, twice, turned by a right angle: wall, ostium's plane, line and landing
 * zones. Without pictures of the scan only these are drawn. None where there is no surface or no line.
 */
export function straightenedFigures(input: Pick<ReportInput, 'plan' | 'surface' | 'scanPictures'>): Plot[] {
  const { plan, surface, scanPictures } = input;
  if (!plan || !surface) return [];
  const zonesMm = landingDistances(plan);
  return straightenedFrames(plan).map(({ id, frame }) => {
    const { columns, rows } = frame;
    const places = straightenedPlaces(plan.profile.centreLineLpsMm, frame);
    const known = scanPictures.find((picture) => picture.id === id)?.greys;
    const greys = known?.length === columns * rows ? known : null;
    const pixels = new Uint8Array(3 * columns * rows);
    reformatMarks(columns, places, surface.closed, surface.ostiumPlane).forEach((mark, pixel) => {
      const grey = greys?.[pixel] ?? NO_SCAN;
      pixels.set(mark ? MARK_COLOURS[mark] : [grey, grey, grey], 3 * pixel);
    });
    const zones = zonesMm.map((mm) => `${mm} mm`).join(' and ');
    return {
      svg: drawn(frame, places, pixels, zonesMm),
      caption: `Straightened along the centre line${frame.turnDegrees === 0 ? '' : `, turned by ${frame.turnDegrees}°`}${greys ? '' : '; outlines only'}. Wall orange, ostium red, centre line blue; dashed green: landing zone at ${zones}.`,
    };
  });
}

function drawn(
  frame: ReformatFrame,
  places: Float64Array,
  pixels: Uint8Array,
  zonesMm: readonly number[],
): string {
  const { columns, rows, fromMm, mmPerPixel } = frame;
  const perPixel = WIDTH / columns;
  const height = Math.round(rows * perPixel);
  const x = (mm: number): number => ((mm - fromMm) / mmPerPixel) * perPixel;
  const png = encode({ width: columns, height: rows, channels: 3, data: pixels });
  const label = (left: number, y: number, anchor: 'start' | 'end', words: string, colour: string): string => {
    const width = 5.2 * words.length + 4;
    const from = anchor === 'start' ? left - 2 : left - width + 2;
    return `<rect x="${at(from)}" y="${at(y - 9)}" width="${at(width)}" height="12" fill="#000000" fill-opacity="0.6"/>${text(left, y, anchor, words, colour)}`;
  };
  // Which way is up turns along a bent line: it is said at the ostium.
  const column = Math.min(columns - 1, Math.floor(-fromMm / mmPerPixel));
  const down = subtract(placeAt(places, frame, column, rows - 1), placeAt(places, frame, column, 0));
  const unit = 1 / Math.hypot(...down);
  const barMm = BAR_MM * (perPixel / mmPerPixel);
  const body = [
    `<image x="0" y="0" width="${WIDTH}" height="${height}" preserveAspectRatio="none" xlink:href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`,
    line(
      [x(0), height / 2],
      [WIDTH, height / 2],
      `stroke="${LINE}" stroke-width="0.8" stroke-dasharray="2 3"`,
    ),
    ...zonesMm.flatMap((mm, place) => [
      line([x(mm), 0], [x(mm), height], `stroke="${ZONE}" stroke-width="1.2" stroke-dasharray="5 3"`),
      // On the outer sides of two, so that none lies on the other's line.
      place < zonesMm.length - 1
        ? label(x(mm) - 4, height - 22, 'end', `${mm} mm`, ZONE)
        : label(x(mm) + 4, height - 22, 'start', `${mm} mm`, ZONE),
    ]),
    label(4, 12, 'start', 'Atrium', LETTERS),
    label(WIDTH - 4, 12, 'end', 'Tip', LETTERS),
    label(x(0) + 4, 12, 'start', orientationLetters(scale(down, -unit)), LETTERS),
    label(x(0) + 4, height - 5, 'start', orientationLetters(scale(down, unit)), LETTERS),
    line([WIDTH - 8 - barMm, height - 6], [WIDTH - 8, height - 6], `stroke="${LETTERS}" stroke-width="1.6"`),
    label(WIDTH - 6, height - 11, 'end', `${BAR_MM} mm`, LETTERS),
  ];
  return figureSvg(WIDTH, FONT, body, height);
}
