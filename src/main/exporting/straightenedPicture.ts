import { encode } from 'fast-png';
import { polylineLength } from '#shared/anatomy/centreLine.ts';
import { LANDING_DISTANCES_MM } from '#shared/anatomy/landingZone.ts';
import type { LumenProfile } from '#shared/contract/planning.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { orientationLetters } from '#shared/geometry/orientationLetters.ts';
import { scale, subtract } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type ReformatContent, reformatFrame, reformatPixels } from '#shared/planning/reformatPixels.ts';
import { placeAt, type ReformatFrame, straightenedPlaces } from '#shared/planning/straightenedReformat.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { replannedResult } from '../planning/index.ts';
import { type Canvas, createCanvas, type Point, strokeLines } from '../preview/canvas.ts';
import { drawText } from '../preview/strokeFont.ts';
import { RESEARCH_ONLY } from '../report/reportInput.ts';
import { loadSeries } from '../studies/loadSeries.ts';

/** What a straightened reformat of a result is made with. */
export interface StraightenedOptions {
  readonly turnDegrees: number;
  readonly landingZoneMm: number;
  readonly window: Pick<ReformatContent['window'], 'centreHu' | 'widthHu'>;
}

/** A picture, and where its pixels are. */
export interface StraightenedPicture {
  readonly png: Uint8Array;
  readonly frame: ReformatFrame;
  /** From the ostium to the tip along the line. */
  readonly depthMm: number;
}

export const USUAL_LANDING_MM = LANDING_DISTANCES_MM[0];

const COLUMNS = 900;
const SCALE_BAR_MM = 10;
const TEXT = { colour: [226, 231, 238], capPixels: 13, halo: true } as const;

/** What is straightened: a scan, and the surface with its line in it. */
export interface Straightened {
  readonly profile: LumenProfile;
  readonly ostium: Measurements['ostium'];
  readonly closed: TriangleMesh;
  readonly volume: ReformatContent['volume'];
}

/**
 * A result and the scan that it was made of.
 * @param centreLine a corrected centre line; undefined for the computed one
 * @throws UserError where the folder holds no result with a profile, or the scan is another one
 */
export async function straightenedResult(
  resultFolder: string,
  dicomFolder: string,
  centreLine: string | undefined,
  job: JobOptions = {},
): Promise<Straightened> {
  const { profile, ostium } = await replannedResult(resultFolder, withoutUndefined({ centreLine }));
  if (profile.withheld) throw new UserError(profile.withheld);
  // dcmjs, which it loads, takes a tenth of a second.
  const { readResultFolder } = await import('../dicomObjects/index.ts');
  const { closed, series } = await readResultFolder(dicomFolder, resultFolder, job);
  return {
    profile,
    ostium,
    closed,
    volume: await loadSeries(series, withoutUndefined({ signal: job.signal })),
  };
}

/**
 * The scan straightened along the centre line, as the application shows it: wall, ostium, line and landing zone, the
 * patient's sides at the ostium, and a bar of 10 mm.
 * @throws UserError where there is no line or no ostium
 */
export function straightenedPicture(
  { profile, ostium, closed, volume }: Straightened,
  { turnDegrees, landingZoneMm, window }: StraightenedOptions,
): StraightenedPicture {
  if (profile.withheld) throw new UserError(profile.withheld);
  if (!ostium) throw new UserError(failure('measure.no-ostium'));
  const line = profile.centreLineLpsMm;
  const depthMm = polylineLength(line);
  const frame = reformatFrame(depthMm, COLUMNS, turnDegrees);
  const places = straightenedPlaces(line, frame);
  const ostiumPlane = { pointLpsMm: ostium.centreLpsMm, normal: ostium.normal };
  const content = { volume, closed, ostiumPlane, window: { ...window, inverted: false } };
  const canvas = createCanvas(frame.columns, frame.rows, [0, 0, 0]);
  reformatPixels(frame, places, content).forEach((value, at) => {
    if (at % 4 < 3) canvas.pixels[3 * Math.floor(at / 4) + (at % 4)] = value;
  });
  drawMarks(canvas, frame, places, landingZoneMm);
  const { width, height, pixels: data } = canvas;
  return { png: encode({ width, height, data, channels: 3, depth: 8 }), frame, depthMm };
}

function drawMarks(canvas: Canvas, frame: ReformatFrame, places: Float64Array, landingZoneMm: number): void {
  const { columns, rows, fromMm, mmPerPixel } = frame;
  const column = (mm: number): number => (mm - fromMm) / mmPerPixel;
  const dashes = ([x0, y0]: Point, [x1, y1]: Point, dash: number, gap: number): Point[][] => {
    const length = Math.hypot(x1 - x0, y1 - y0);
    const at = (along: number): Point => [
      x0 + ((x1 - x0) * along) / length,
      y0 + ((y1 - y0) * along) / length,
    ];
    return Array.from({ length: Math.ceil(length / (dash + gap)) }, (_, step): Point[] => {
      const from = step * (dash + gap);
      return [at(from), at(Math.min(length, from + dash))];
    });
  };
  const middle = rows / 2;
  strokeLines(canvas, dashes([column(0), middle], [columns, middle], 4, 7), {
    colour: [143, 211, 255],
    widthPixels: 2,
  });
  const zone = column(landingZoneMm);
  strokeLines(canvas, dashes([zone, 0], [zone, rows], 10, 8), { colour: [182, 240, 90], widthPixels: 2.5 });
  // Which way is up turns along a bent line: it is said at the ostium.
  const at = Math.floor(column(0));
  const down = subtract(placeAt(places, frame, at, rows - 1), placeAt(places, frame, at, 0));
  const length = Math.hypot(...down);
  drawText(canvas, orientationLetters(scale(down, -1 / length)), [column(0) + 8, 26], TEXT);
  drawText(canvas, orientationLetters(scale(down, 1 / length)), [column(0) + 8, rows - 14], TEXT);
  drawText(canvas, 'Atrium', [10, 26], TEXT);
  drawText(canvas, 'Tip', [columns - 10, 26], { ...TEXT, align: 'right' });
  drawText(canvas, RESEARCH_ONLY, [columns - 10, rows - 14], { ...TEXT, capPixels: 10, align: 'right' });
  drawText(canvas, `Landing zone ${landingZoneMm} mm`, [zone + 8, 50], { ...TEXT, capPixels: 10 });
  const bar: Point[] = [
    [10, rows - 12],
    [10 + SCALE_BAR_MM / mmPerPixel, rows - 12],
  ];
  strokeLines(canvas, [bar], { colour: TEXT.colour, widthPixels: 4 });
  drawText(canvas, `${SCALE_BAR_MM} mm`, [10, rows - 22], { ...TEXT, capPixels: 10 });
}
