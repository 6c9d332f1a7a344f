import { encode } from 'fast-png';
import { colourAt, coloursOf, SEQUENTIAL } from '#shared/colourScale.ts';
import { addScaled, cross, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { createCanvas, fillRectangle } from '../preview/canvas.ts';
import { renderMesh } from '../preview/renderMesh.ts';
import { drawText } from '../preview/strokeFont.ts';
import type { PrintableShell } from './printableShell.ts';

const VIEW_PX = 420;
const LEGEND_PX = 74;
const BAR = { x: 60, y: 26, height: 14 };
const DARK = [29, 39, 51] as const;

/** The thickness that has the last colour: twice what was asked for, for a base and walls that grew together are thicker. */
export const mostThicknessMm = (askedMm: number): number => 2 * askedMm;

/** The shell's thickness in colour, from two sides, with a legend in mm; PNG. Nothing of the patient. */
export function shellPicture(
  { mesh, thicknessMm, isOpen }: PrintableShell,
  askedMm: number,
  distal: Vec3 | null,
): Uint8Array {
  const most = mostThicknessMm(askedMm);
  const vertexColours = coloursOf(thicknessMm, SEQUENTIAL, [0, most]);
  const up = normalize(distal ?? [0, 0, 1]);
  const side = perpendicular(up);
  const views: Vec3[] = [
    normalize(addScaled(side, up, -0.35)),
    // Into the opening, where there is one.
    normalize(addScaled(cross(up, side), up, isOpen ? 0.6 : 0)),
  ];
  const width = VIEW_PX * views.length;
  const canvas = createCanvas(width, VIEW_PX + LEGEND_PX, [255, 255, 255]);
  views.forEach((viewDirection, index) => {
    const image = renderMesh([{ mesh, colour: [200, 200, 200], vertexColours }], [], {
      widthPx: VIEW_PX,
      heightPx: VIEW_PX,
      viewDirection,
      up,
    });
    for (let y = 0; y < VIEW_PX; y++) {
      canvas.pixels.set(
        image.rgb.subarray(3 * VIEW_PX * y, 3 * VIEW_PX * (y + 1)),
        3 * (width * y + VIEW_PX * index),
      );
    }
  });
  const length = width - 2 * BAR.x;
  for (let x = 0; x < length; x++) {
    const colour = colourAt(SEQUENTIAL, x / (length - 1));
    fillRectangle(canvas, BAR.x + x, VIEW_PX + BAR.y, 1, BAR.height, colour);
  }
  drawText(canvas, 'wall thickness, mm', [width / 2, VIEW_PX + 16], {
    colour: DARK,
    capPixels: 10,
    align: 'centre',
  });
  for (let step = 0; step <= 4; step++) {
    const x = BAR.x + (length * step) / 4;
    const text = `${step === 4 ? 'from ' : ''}${((most * step) / 4).toFixed(1)}`;
    drawText(canvas, text, [x, VIEW_PX + BAR.y + BAR.height + 18], {
      colour: DARK,
      capPixels: 10,
      align: 'centre',
    });
  }
  return encode({ width, height: VIEW_PX + LEGEND_PX, data: canvas.pixels, channels: 3, depth: 8 });
}
