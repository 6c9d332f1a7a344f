import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { addScaled, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { sliceMesh } from '#shared/mesh/sliceMesh.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { OUTSIDE_HU } from '#shared/volume/volume.ts';
import {
  blendPixel,
  type Canvas,
  fillRectangle,
  PALETTE,
  type Point,
  type Rectangle,
  strokeLines,
} from './canvas.ts';
import { drawText } from './strokeFont.ts';

/** A plane through the patient as it is looked at: directions of the picture's right and down, LPS. */
export interface SliceView {
  readonly name: string;
  readonly right: Vec3;
  readonly down: Vec3;
}

/** As radiologists look: axial from the feet, coronal from the front, sagittal from the patient's left. */
export const SLICE_VIEWS: readonly SliceView[] = [
  { name: 'Axial', right: [1, 0, 0], down: [0, 1, 0] },
  { name: 'Coronal', right: [1, 0, 0], down: [0, 0, -1] },
  { name: 'Sagittal', right: [0, 1, 0], down: [0, 0, -1] },
];

export interface DisplayWindow {
  readonly lowHu: number;
  readonly highHu: number;
}

export interface SliceContent {
  /** The scan's grid: beyond it nothing is drawn. */
  readonly scan: GridLps;
  /** The scan's HU at the panel's pixels ({@link panelGrid}), row by row; OUTSIDE_HU outside of it. */
  readonly valuesHu: Float32Array;
  readonly centreLpsMm: Vec3;
  /** Edge of the square that is shown. */
  readonly fieldMm: number;
  readonly window: DisplayWindow;
  /** The closed lumen, tinted. */
  readonly closed: TriangleMesh;
  /** The surface whose contour is drawn. */
  readonly contour: TriangleMesh;
  /** The ostium's rim, a closed loop; [] where there is none. */
  readonly rimLpsMm: readonly Vec3[];
}

/** The two letters of a direction's ends: along +L they are R and L. */
export function directionLetter([x, y, z]: Vec3): string {
  const [left, posterior, superior] = [Math.abs(x), Math.abs(y), Math.abs(z)];
  if (left >= posterior && left >= superior) return x > 0 ? 'L' : 'R';
  if (posterior >= superior) return y > 0 ? 'P' : 'A';
  return z > 0 ? 'S' : 'I';
}

const negated = ([x, y, z]: Vec3): Vec3 => [-x, -y, -z];

/** The pixels of a panel as a grid of one slice. */
export function panelGrid(view: SliceView, centreLpsMm: Vec3, fieldMm: number, pixels: number): GridLps {
  const spacing = fieldMm / pixels;
  const half = (fieldMm - spacing) / 2;
  const { right, down } = view;
  const normal: Vec3 = [
    right[1] * down[2] - right[2] * down[1],
    right[2] * down[0] - right[0] * down[2],
    right[0] * down[1] - right[1] * down[0],
  ];
  return {
    sizeIjk: [pixels, pixels, 1],
    originLpsMm: addScaled(addScaled(centreLpsMm, right, -half), down, -half),
    spacingMm: [spacing, spacing, spacing],
    directions: [right, down, normal],
  };
}

/** Draws one plane with tint, contour, ostium, letters and scale bar into a square of the canvas. */
export function drawSlicePanel(
  canvas: Canvas,
  area: Rectangle,
  view: SliceView,
  content: SliceContent,
): void {
  const grid = panelGrid(view, content.centreLpsMm, content.fieldMm, area.width);
  drawImage(canvas, area, content, grid);
  const normal = grid.directions[2];
  const place = (point: Vec3): Point => {
    const offset = subtract(point, content.centreLpsMm);
    const perMm = area.width / content.fieldMm;
    return [
      area.x + area.width / 2 + dot(offset, view.right) * perMm,
      area.y + area.height / 2 + dot(offset, view.down) * perMm,
    ];
  };
  const contours = sliceMesh(content.contour, content.centreLpsMm, normal)
    .map(({ pointsLpsMm: [first, ...rest], closed }) =>
      first === undefined ? [] : closed ? [first, ...rest, first] : [first, ...rest],
    )
    .flatMap((line) => partsWithin(content.scan, line))
    .map((part) => part.map(place));
  strokeLines(canvas, contours, { colour: PALETTE.shadow, widthPixels: 4, opacity: 0.35, clip: area });
  strokeLines(canvas, contours, { colour: PALETTE.wall, widthPixels: 2, clip: area });
  const ostium = rimCrossings(content.rimLpsMm, content.centreLpsMm, normal, view)
    .flatMap((pair) => partsWithin(content.scan, pair))
    .map((part) => part.map(place));
  strokeLines(canvas, ostium, { colour: PALETTE.shadow, widthPixels: 4.6, opacity: 0.35, clip: area });
  strokeLines(canvas, ostium, { colour: PALETTE.ostium, widthPixels: 2.6, clip: area });
  drawLetters(canvas, area, view);
  drawScaleBar(canvas, area, content.fieldMm);
  const depthMm = dot(content.centreLpsMm, [Math.abs(normal[0]), Math.abs(normal[1]), Math.abs(normal[2])]);
  const side = directionLetter(depthMm >= 0 ? normalPositive(normal) : negated(normalPositive(normal)));
  drawText(canvas, `${view.name}  ${side} ${Math.abs(depthMm).toFixed(1)} mm`, [area.x + 14, area.y + 26], {
    colour: PALETTE.text,
    capPixels: 12,
    halo: true,
  });
}

const normalPositive = (normal: Vec3): Vec3 => [
  Math.abs(normal[0]),
  Math.abs(normal[1]),
  Math.abs(normal[2]),
];

/** The longest step between two points that are looked at in clipping a line, mm. */
const CLIPPING_STEP_MM = 0.25;

/** The parts of a line that lie within a scan: beyond its last voxels nothing is known, and nothing is drawn. */
export function partsWithin(scan: GridLps, lineLpsMm: readonly Vec3[]): Vec3[][] {
  const parts: Vec3[][] = [];
  let part: Vec3[] = [];
  const visit = (point: Vec3): void => {
    if (isWithin(scan, point)) part.push(point);
    else if (part.length > 0) {
      parts.push(part);
      part = [];
    }
  };
  lineLpsMm.forEach((point, index) => {
    const before = lineLpsMm[index - 1];
    const step = before && subtract(point, before);
    const steps = step ? Math.ceil(Math.hypot(...step) / CLIPPING_STEP_MM) : 0;
    if (before && step) for (let at = 1; at < steps; at++) visit(addScaled(before, step, at / steps));
    visit(point);
  });
  return part.length > 0 ? [...parts, part] : parts;
}

/** Whether a point lies in a voxel of the grid. */
const isWithin = (grid: GridLps, pointLpsMm: Vec3): boolean =>
  lpsToIjk(grid, pointLpsMm).every(
    (index, axis) => index >= -0.5 && index <= grid.sizeIjk[axis as 0 | 1 | 2] - 0.5,
  );

function drawImage(canvas: Canvas, area: Rectangle, content: SliceContent, grid: GridLps): void {
  const { valuesHu } = content;
  const inside = rasterizeClosedMesh(content.closed, grid);
  const { lowHu, highHu } = content.window;
  for (let y = 0; y < area.height; y++) {
    for (let x = 0; x < area.width; x++) {
      const at = x + area.width * y;
      const valueHu = valuesHu[at]!;
      const level = Math.max(0, Math.min(1, (valueHu - lowHu) / (highHu - lowHu)));
      // Outside of the scan a faint blue-grey, so that it does not look like lung.
      const grey = 8 + 240 * level;
      blendPixel(
        canvas,
        area.x + x,
        area.y + y,
        valueHu <= OUTSIDE_HU ? PALETTE.beyond : [grey, grey, grey],
        1,
      );
      if (inside[at] && valueHu > OUTSIDE_HU) blendPixel(canvas, area.x + x, area.y + y, PALETTE.wall, 0.14);
    }
  }
}

/** Where the rim passes through the plane, in pairs along the plane: the ostium's line of intersection. */
export function rimCrossings(
  rim: readonly Vec3[],
  pointLpsMm: Vec3,
  normal: Vec3,
  view: SliceView,
): Vec3[][] {
  const crossings: Vec3[] = [];
  rim.forEach((from, index) => {
    const to = rim[(index + 1) % rim.length]!;
    const a = dot(subtract(from, pointLpsMm), normal);
    const b = dot(subtract(to, pointLpsMm), normal);
    if (a >= 0 !== b >= 0) crossings.push(addScaled(from, subtract(to, from), a / (a - b)));
  });
  const [first, second] = crossings;
  if (first === undefined || second === undefined) return [];
  // All crossings lie near one line; the direction with the larger extent orders them.
  const extent = (axis: Vec3): number => {
    const places = crossings.map((point) => dot(point, axis));
    return Math.max(...places) - Math.min(...places);
  };
  const axis = extent(view.right) > extent(view.down) ? view.right : view.down;
  crossings.sort((p, q) => dot(p, axis) - dot(q, axis));
  const pairs: Vec3[][] = [];
  for (let at = 0; at + 1 < crossings.length; at += 2) pairs.push([crossings[at]!, crossings[at + 1]!]);
  return pairs;
}

function drawLetters(canvas: Canvas, area: Rectangle, { right, down }: SliceView): void {
  const style = { colour: PALETTE.letter, capPixels: 14, align: 'centre', bold: true, halo: true } as const;
  const [middleX, middleY] = [area.x + area.width / 2, area.y + area.height / 2];
  drawText(canvas, directionLetter(negated(right)), [area.x + 18, middleY + 7], style);
  drawText(canvas, directionLetter(right), [area.x + area.width - 18, middleY + 7], style);
  drawText(canvas, directionLetter(negated(down)), [middleX, area.y + 28], style);
  drawText(canvas, directionLetter(down), [middleX, area.y + area.height - 14], style);
}

function drawScaleBar(canvas: Canvas, area: Rectangle, fieldMm: number): void {
  const lengthMm = fieldMm > 60 ? 20 : 10;
  const length = (lengthMm * area.width) / fieldMm;
  const right = area.x + area.width - 16;
  const bottom = area.y + area.height - 18;
  fillRectangle(canvas, right - length - 1, bottom - 1, length + 2, 5, PALETTE.shadow, 0.6);
  fillRectangle(canvas, right - length, bottom, length, 3, PALETTE.text);
  drawText(canvas, `${lengthMm} mm`, [right - length / 2, bottom - 9], {
    colour: PALETTE.text,
    capPixels: 11,
    align: 'centre',
    halo: true,
  });
}
