import { viewInWords } from '#shared/anatomy/cArmView.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { drawBanner, drawKnob, drawSideLetters, drawText, fitText } from '../canvasText.ts';
import { COLOURS, FONT_BOLD } from '../colours.ts';
import { drawDeviceInThree } from '../device.ts';
import { drawPlanInThree } from '../planDrawing.ts';
import { lpsToPixel, type PixelPoint, type PlaneFrame } from '../planeFrame.ts';
import { drawPointsInThree } from '../points.ts';
import { BOX_EDGES, boxCorners } from '../region.ts';
import type { ViewerScene } from '../types.ts';
import { cubeFaces } from './camera.ts';
import { asideMm, nameAbove } from './sideBySide.ts';
import { ostiumTip } from './threeHandles.ts';

type Context = CanvasRenderingContext2D;

const HALF_CUBE = 17;
/** Between names and the pane's edges. */
const SIDE_PIXELS = 8;

function drawCube(context: Context, frame: PlaneFrame): void {
  const [x, y] = [frame.widthPixels - 40, frame.heightPixels - 42];
  context.lineJoin = 'round';
  for (const { letter, corners, facing } of cubeFaces(frame)) {
    context.beginPath();
    for (const [dx, dy] of corners) context.lineTo(x + HALF_CUBE * dx, y + HALF_CUBE * dy);
    context.closePath();
    const level = Math.round(40 + 60 * facing);
    context.fillStyle = `rgba(${level}, ${level + 6}, ${level + 14}, 0.92)`;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = '#9aa4b5';
    context.stroke();
    if (facing < 0.3) continue;
    const middle = corners.reduce((sum, [dx, dy]) => [sum[0]! + dx / 4, sum[1]! + dy / 4], [0, 0]);
    drawText(context, letter, x + HALF_CUBE * middle[0]!, y + HALF_CUBE * middle[1]! + 5, {
      align: 'center',
      font: FONT_BOLD,
    });
  }
}

function drawBox(context: Context, frame: PlaneFrame, region: NonNullable<ViewerScene['region']>): void {
  const corners = boxCorners(region.box).map((corner) => lpsToPixel(frame, corner));
  context.strokeStyle = region.editable ? COLOURS.region : COLOURS.regionFixed;
  context.lineWidth = region.editable ? 1.5 : 1;
  context.beginPath();
  for (const [a, b] of BOX_EDGES) {
    context.moveTo(...(corners[a]! as [number, number]));
    context.lineTo(...(corners[b]! as [number, number]));
  }
  context.stroke();
  if (!region.editable) return;
  for (const corner of corners) drawKnob(context, corner, COLOURS.region);
  drawKnob(context, lpsToPixel(frame, region.box.centreLpsMm), COLOURS.region, 5.5);
}

function drawArrow(context: Context, from: PixelPoint, to: PixelPoint): void {
  context.beginPath();
  context.moveTo(...(from as [number, number]));
  context.lineTo(...(to as [number, number]));
  context.strokeStyle = COLOURS.ostium;
  context.lineWidth = 2;
  context.stroke();
  drawKnob(context, from, COLOURS.ostium, 5.5);
  drawKnob(context, to, COLOURS.ostium);
}

function drawCrosshairMark(context: Context, [x, y]: PixelPoint): void {
  context.strokeStyle = COLOURS.textDim;
  context.lineWidth = 1.25;
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + 3 * dx, y + 3 * dy);
    context.lineTo(x + 9 * dx, y + 9 * dy);
  }
  context.stroke();
}

/** Names of two surfaces side by side, above each: they look alike. */
function drawNames(context: Context, frame: PlaneFrame, { mesh, beside }: ViewerScene): void {
  const right = beside.find(({ place, name }) => place === 'right' && name !== undefined);
  if (!right?.name) return;
  const widest = frame.widthPixels / 2 - 2 * SIDE_PIXELS;
  const draw = (text: string, surface: TriangleMesh, shiftMm: number): void => {
    const [x, y] = nameAbove(surface, frame, shiftMm);
    const fitted = fitText(context, text, widest, FONT_BOLD);
    const half = context.measureText(fitted).width / 2 + SIDE_PIXELS;
    const middle = Math.min(Math.max(x, half), frame.widthPixels - half);
    drawText(context, fitted, middle, y, { align: 'center', font: FONT_BOLD });
  };
  if (mesh?.visible && mesh.name !== undefined) draw(mesh.name, mesh.closed, 0);
  draw(right.name, right.mesh, asideMm(right.mesh, frame.right));
}

/** All that lies over the 3D picture: handles, letters, the cube, the banner. */
export function drawThreeOverlay(
  context: Context,
  frame: PlaneFrame,
  scene: ViewerScene,
  note: string,
): void {
  const { widthPixels: width, heightPixels: height } = frame;
  context.clearRect(0, 0, width, height);
  if (scene.region) drawBox(context, frame, scene.region);
  if (scene.plan) drawPlanInThree(context, frame, scene.plan);
  if (scene.device) drawDeviceInThree(context, frame, scene.device);
  drawPointsInThree(context, frame, scene);
  if (scene.volume) drawCrosshairMark(context, lpsToPixel(frame, scene.crosshairLpsMm));
  if (scene.ostium?.editable) {
    const tip = lpsToPixel(frame, ostiumTip(scene.ostium));
    drawArrow(context, lpsToPixel(frame, scene.ostium.plane.pointLpsMm), tip);
  }
  drawNames(context, frame, scene);
  drawText(context, '3D', 10, 18, { font: FONT_BOLD });
  let y = 34;
  if (scene.cArm) {
    // Beside the name it would run into the side's letters in a narrow pane.
    drawText(context, viewInWords(scene.cArm), 10, y, { font: FONT_BOLD, colour: COLOURS.cArm });
    y += 16;
  }
  drawText(context, note, 10, y, { colour: COLOURS.textDim });
  drawBanner(context, scene.banner, width);
  drawSideLetters(context, frame.right, frame.down, width, height);
  drawCube(context, frame);
}
