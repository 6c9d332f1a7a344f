import { facesNotIn } from '#main/mesh/patchedMesh.ts';
import { submesh } from '#main/mesh/submesh.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type Volume } from '#shared/volume/volume.ts';
import { type LumenSummary, summarizeLumen } from './appendageCentre.ts';
import { type Canvas, createCanvas, fillRectangle, fillRounded, PALETTE, strokeLines } from './canvas.ts';
import { encodePng } from './encodePng.ts';
import { drawMeshPanel } from './meshPanel.ts';
import { type DisplayWindow, drawSlicePanel, panelGrid, SLICE_VIEWS } from './slicePanel.ts';
import { drawText, textWidth, wrapText } from './strokeFont.ts';

/** What a picture shows of a scan: its planes through a lumen. The scan itself is not needed any more. */
export interface PreviewPlanes {
  readonly scan: GridLps;
  readonly lumen: LumenSummary;
  /** For each of SLICE_VIEWS the HU of its panel's pixels. */
  readonly valuesHu: readonly Float32Array[];
}

/** The surface that a picture shows. */
export interface PreviewSurface {
  /** The closed lumen, outward normals. */
  readonly closed: TriangleMesh;
  /** The open wall, its faces those of `closed` without the cap; undefined where no ostium was found. */
  readonly wall: TriangleMesh | undefined;
  readonly ostium:
    | {
        /** A closed loop. */
        readonly rimLpsMm: readonly Vec3[];
        /** Out of the atrium into the appendage. */
        readonly normal: Vec3;
      }
    | undefined;
}

export interface PreviewTexts {
  /** What the picture shows, for instance the series' description. Never a patient's name. */
  readonly title: string;
  /** A line in grey beside the title: model, engine, date of the study. */
  readonly subtitle?: string;
  /** The key numbers, in order. */
  readonly numbers: readonly { readonly label: string; readonly value: string }[];
  readonly warnings: readonly string[];
}

export interface PreviewInput extends PreviewSurface, PreviewTexts {
  readonly volume: Volume;
}

/** A picture that lacks its texts. */
export interface DrawnPanels {
  readonly canvas: Canvas;
  readonly window: DisplayWindow;
  readonly hasOstium: boolean;
}

const PANEL = 512;
const GAP = 16;
const MARGIN = 28;
const HEADER = 84;
const FOOTER = 60;
const SIDE = 460;
const WIDTH = MARGIN + 2 * PANEL + 2 * GAP + SIDE + MARGIN;
const HEIGHT = HEADER + 2 * PANEL + GAP + FOOTER;
const DISCLAIMER = 'Research use only — not for clinical decisions';

/** The field that is shown: the lumen with as much round it. */
const fieldFor = (extentMm: number): number => Math.max(90, Math.min(160, 2.2 * extentMm));

/** Shows fat as dark grey, muscle as middle grey and the blood of this scan just below white. */
export function displayWindow(bloodHu: number | undefined): DisplayWindow {
  return { lowHu: -110, highHu: Math.max(240, 1.4 * (bloodHu ?? 280)) };
}

/** Reads the planes of a picture from the scan. */
export function readPlanes(volume: Volume, closed: TriangleMesh): PreviewPlanes {
  const lumen = summarizeLumen(volume, closed);
  const { centreLpsMm, extentMm } = lumen;
  return {
    scan: volume.grid,
    lumen,
    valuesHu: SLICE_VIEWS.map((view) =>
      resampleTrilinear(volume, panelGrid(view, centreLpsMm, fieldFor(extentMm), PANEL), OUTSIDE_HU),
    ),
  };
}

/** Draws all that does not depend on numbers: the planes with the contour, and the lumen in 3D. */
export function drawPanels(
  { scan, lumen: { centreLpsMm, extentMm, medianHu }, valuesHu }: PreviewPlanes,
  surface: PreviewSurface,
): DrawnPanels {
  const { closed, wall, ostium } = surface;
  const canvas = createCanvas(WIDTH, HEIGHT, PALETTE.background);
  const content = {
    scan,
    centreLpsMm,
    fieldMm: fieldFor(extentMm),
    window: displayWindow(medianHu),
    closed,
    contour: wall ?? closed,
    rimLpsMm: ostium?.rimLpsMm ?? [],
  };
  const areas = [0, 1, 2, 3].map((cell) => ({
    x: MARGIN + (cell % 2) * (PANEL + GAP),
    y: HEADER + Math.floor(cell / 2) * (PANEL + GAP),
    width: PANEL,
    height: PANEL,
  }));
  SLICE_VIEWS.forEach((view, cell) => {
    drawSlicePanel(canvas, areas[cell]!, view, { ...content, valuesHu: valuesHu[cell]! });
  });
  fillRounded(canvas, areas[3]!, 6, PALETTE.panel);
  drawMeshPanel(canvas, areas[3]!, {
    wall: content.contour,
    cap: capOf(surface),
    rimLpsMm: content.rimLpsMm,
    distal: ostium?.normal,
  });
  return { canvas, window: content.window, hasOstium: ostium !== undefined };
}

/** Writes the texts beside the panels. @returns the bytes of a PNG, which are compressed in another thread */
export function finishPicture(drawn: DrawnPanels, texts: PreviewTexts): Promise<Uint8Array> {
  const { canvas } = drawn;
  drawHeader(canvas, texts);
  drawSide(drawn, texts);
  drawText(canvas, DISCLAIMER, [WIDTH / 2, HEIGHT - 24], {
    colour: PALETTE.warning,
    capPixels: 13,
    align: 'centre',
  });
  return encodePng(canvas);
}

/**
 * The picture beside a result: axial, coronal and sagittal planes through the appendage with its contour, the lumen in
 * 3D, the key numbers and the warnings.
 *
 * @returns the bytes of a PNG of 1572 × 1184 pixels
 */
export const renderPreview = (input: PreviewInput): Promise<Uint8Array> =>
  finishPicture(drawPanels(readPlanes(input.volume, input.closed), input), input);

/** The faces of the closed lumen that the wall does not have. */
function capOf({ closed, wall }: PreviewSurface): TriangleMesh | undefined {
  if (wall === undefined) return undefined;
  const isCap = facesNotIn(closed, wall);
  return submesh(closed, (face) => isCap[face] === 1).mesh;
}

function drawHeader(canvas: Canvas, { title, subtitle = '' }: PreviewTexts): void {
  const baseline = 56;
  drawText(canvas, 'Auricle', [MARGIN, baseline], { colour: PALETTE.wall, capPixels: 20, bold: true });
  const titleAt = MARGIN + textWidth('Auricle', 20) + 26;
  const room = WIDTH - MARGIN - titleAt - textWidth(subtitle, 12) - 30;
  drawText(canvas, shortened(title, 16, room), [titleAt, baseline], { colour: PALETTE.text, capPixels: 16 });
  drawText(canvas, subtitle, [WIDTH - MARGIN, baseline], {
    colour: PALETTE.quiet,
    capPixels: 12,
    align: 'right',
  });
}

function shortened(text: string, capPixels: number, room: number): string {
  if (textWidth(text, capPixels) <= room) return text;
  let kept = text;
  while (kept.length > 0 && textWidth(`${kept}…`, capPixels) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

function drawSide({ canvas, window, hasOstium }: DrawnPanels, { numbers, warnings }: PreviewTexts): void {
  const area = { x: WIDTH - MARGIN - SIDE, y: HEADER, width: SIDE, height: 2 * PANEL + GAP };
  fillRounded(canvas, area, 6, PALETTE.panel);
  const left = area.x + 26;
  const right = area.x + area.width - 26;
  let y = area.y + 46;
  drawText(canvas, 'Measurements', [left, y], { colour: PALETTE.text, capPixels: 15, bold: true });
  y += 20;
  for (const { label, value } of numbers) {
    fillRectangle(canvas, left, y, right - left, 1, PALETTE.rule);
    y += 31;
    drawText(canvas, label, [left, y], { colour: PALETTE.quiet, capPixels: 12 });
    drawText(canvas, value, [right, y], { colour: PALETTE.text, capPixels: 13, align: 'right' });
    y += 14;
  }
  fillRectangle(canvas, left, y, right - left, 1, PALETTE.rule);
  y += 46;
  if (warnings.length > 0) {
    drawText(canvas, 'Warnings', [left, y], { colour: PALETTE.warning, capPixels: 15, bold: true });
    y += 32;
  }
  const bottom = area.y + area.height - 110;
  for (const warning of warnings) {
    const lines = wrapText(warning, 11, right - left - 18);
    if (y + lines.length * 21 > bottom) break;
    strokeLines(canvas, [[[left + 4, y - 5]]], { colour: PALETTE.warning, widthPixels: 5 });
    for (const line of lines) {
      drawText(canvas, line, [left + 18, y], { colour: PALETTE.text, capPixels: 11 });
      y += 21;
    }
    y += 9;
  }
  drawLegend(canvas, left, area.y + area.height - 76, hasOstium);
  drawText(
    canvas,
    `Window ${Math.round(window.lowHu)} to ${Math.round(window.highHu)} HU`,
    [left, area.y + area.height - 28],
    { colour: PALETTE.quiet, capPixels: 11 },
  );
}

function drawLegend(canvas: Canvas, x: number, y: number, withOstium: boolean): void {
  const entries = [
    { label: 'Appendage wall', colour: PALETTE.wall },
    ...(withOstium ? [{ label: 'Ostium', colour: PALETTE.ostium }] : []),
  ];
  let at = x;
  for (const { label, colour } of entries) {
    strokeLines(
      canvas,
      [
        [
          [at + 2, y - 5],
          [at + 26, y - 5],
        ],
      ],
      { colour, widthPixels: 3 },
    );
    drawText(canvas, label, [at + 38, y], { colour: PALETTE.quiet, capPixels: 11 });
    at += 38 + textWidth(label, 11) + 34;
  }
}
