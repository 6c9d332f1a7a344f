import type { PlaneLps } from '../anatomy/plane.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';
import { isOutline } from './simulatedProjection.ts';
import { huAtPlaces, lumenAtPlaces, type ReformatFrame, type ScannedVolume } from './straightenedReformat.ts';

/** Shown of the atrium before the ostium, beyond the tip, and to either side of the line, mm. */
export const REFORMAT_REACH_MM = { before: 10, beyond: 4, aside: 18 } as const;

const AIR_HU = -1024;
/** Of what is drawn over the scan. */
export const MARK_COLOURS = { wall: [255, 181, 71], ostium: [255, 138, 102] } as const;

/** What a reformat shows. */
export interface ReformatContent {
  readonly volume: ScannedVolume;
  /** The closed lumen. */
  readonly closed: TriangleMesh;
  readonly ostiumPlane: PlaneLps | null;
  readonly window: { readonly centreHu: number; readonly widthHu: number; readonly inverted: boolean };
}

/** The frame of a whole line, as wide as so many pixels. */
export function reformatFrame(depthMm: number, columns: number, turnDegrees: number): ReformatFrame {
  const { before, beyond, aside } = REFORMAT_REACH_MM;
  const mmPerPixel = (before + depthMm + beyond) / columns;
  return { columns, rows: Math.round((2 * aside) / mmPerPixel), fromMm: -before, mmPerPixel, turnDegrees };
}

/** The scan at the places of a straightened reformat with the wall and the ostium's plane, RGBA, row by row. */
export function reformatPixels(
  { columns }: Pick<ReformatFrame, 'columns'>,
  places: Float64Array,
  { volume, closed, ostiumPlane, window: hu }: ReformatContent,
): Uint8ClampedArray<ArrayBuffer> {
  const values = huAtPlaces(volume, places, AIR_HU);
  const marks = reformatMarks(columns, places, closed, ostiumPlane);
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (let at = 0; at < values.length; at++) {
    const share = (values[at]! - hu.centreHu + hu.widthHu / 2) / hu.widthHu;
    const grey = 255 * Math.min(1, Math.max(0, hu.inverted ? 1 - share : share));
    const mark = marks[at];
    const colour = mark ? MARK_COLOURS[mark] : undefined;
    for (let channel = 0; channel < 3; channel++) pixels[4 * at + channel] = colour ? colour[channel]! : grey;
    pixels[4 * at + 3] = 255;
  }
  return pixels;
}

/** What is drawn over each place of a reformat: the lumen's wall, the ostium's plane, nothing. */
export function reformatMarks(
  columns: number,
  places: Float64Array,
  closed: TriangleMesh,
  ostiumPlane: PlaneLps | null,
): (keyof typeof MARK_COLOURS | null)[] {
  const lumen = lumenAtPlaces(closed, places);
  const heightsMm = new Float64Array(lumen.length).fill(1);
  if (ostiumPlane) {
    const { pointLpsMm: point, normal } = ostiumPlane;
    for (let at = 0; at < lumen.length; at++) {
      heightsMm[at] =
        (places[3 * at]! - point[0]) * normal[0] +
        (places[3 * at + 1]! - point[1]) * normal[1] +
        (places[3 * at + 2]! - point[2]) * normal[2];
    }
  }
  const isBefore = (other: number): boolean => heightsMm[other]! < 0;
  const marks: (keyof typeof MARK_COLOURS | null)[] = [];
  for (let at = 0; at < lumen.length; at++) {
    if (isOutline(lumen, columns, at)) marks.push('wall');
    else {
      const isOstium =
        heightsMm[at]! >= 0 &&
        ((at % columns > 0 && isBefore(at - 1)) || isBefore(at - columns) || isBefore(at + columns));
      marks.push(isOstium ? 'ostium' : null);
    }
  }
  return marks;
}
