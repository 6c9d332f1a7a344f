import { encode } from 'fast-png';
import { colourAt, coloursOf, DIVERGING } from '#shared/colourScale.ts';
import { addScaled, cross, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { createCanvas, fillRectangle } from '../preview/canvas.ts';
import { renderMesh } from '../preview/renderMesh.ts';
import { drawText } from '../preview/strokeFont.ts';
import type { PrintableShell } from './printableShell.ts';

const VIEW_PX = 420;
const LEGEND_PX = 74;
const BAR = { x: 60, y: 26, height: 14 };
const DARK = [29, 39, 51] as const;

/** Halves of the colours' width: a tenth of a millimetre is half of the narrowest, which is as far as a printer holds. */
const HALVES_MM = [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5] as const;

/** Colours of a shell's thickness, from thinner through what was asked for to thicker. */
export interface ThicknessScale {
  readonly leastMm: number;
  readonly mostMm: number;
  /** What the shell has, and beyond the ends of the colours as well. */
  readonly thinnestMm: number;
  readonly thickestMm: number;
}

/**
 * Wide enough that the thinnest place has a colour of its own, for that is where a print breaks. A base and walls that
 * grew together are thicker than the last colour.
 */
export function thicknessScale(thicknessMm: ArrayLike<number>, askedMm: number): ThicknessScale {
  let [thinnestMm, thickestMm] = [Infinity, -Infinity];
  for (let vertex = 0; vertex < thicknessMm.length; vertex++) {
    thinnestMm = Math.min(thinnestMm, thicknessMm[vertex]!);
    thickestMm = Math.max(thickestMm, thicknessMm[vertex]!);
  }
  const half = Math.min(askedMm, HALVES_MM.find((width) => width >= askedMm - thinnestMm) ?? askedMm);
  return { leastMm: askedMm - half, mostMm: askedMm + half, thinnestMm, thickestMm };
}

/** The shell's thickness in colour, from two sides, with a legend in mm; PNG. Nothing of the patient. */
export function shellPicture(
  { mesh, thicknessMm, isOpen }: PrintableShell,
  askedMm: number,
  distal: Vec3 | null,
): Uint8Array {
  const { leastMm, mostMm, thinnestMm, thickestMm } = thicknessScale(thicknessMm, askedMm);
  const vertexColours = coloursOf(thicknessMm, DIVERGING, [leastMm, mostMm]);
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
    const colour = colourAt(DIVERGING, x / (length - 1));
    fillRectangle(canvas, BAR.x + x, VIEW_PX + BAR.y, 1, BAR.height, colour);
  }
  const reached = `${thinnestMm.toFixed(2)} to ${thickestMm.toFixed(2)}`;
  drawText(
    canvas,
    `wall thickness, mm: ${askedMm.toFixed(1)} asked for, ${reached} reached`,
    [width / 2, VIEW_PX + 16],
    {
      colour: DARK,
      capPixels: 10,
      align: 'centre',
    },
  );
  for (let step = 0; step <= 4; step++) {
    const x = BAR.x + (length * step) / 4;
    const beyond = step === 4 && thickestMm > mostMm ? '≥ ' : '';
    const text = `${beyond}${(leastMm + ((mostMm - leastMm) * step) / 4).toFixed(2)}`;
    drawText(canvas, text, [x, VIEW_PX + BAR.y + BAR.height + 18], {
      colour: DARK,
      capPixels: 10,
      align: 'centre',
    });
  }
  return encode({ width, height: VIEW_PX + LEGEND_PX, data: canvas.pixels, channels: 3, depth: 8 });
}
