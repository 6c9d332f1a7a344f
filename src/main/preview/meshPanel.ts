import { cross, dot, normalize, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type Canvas, PALETTE, type Point, type Rectangle, strokeLines } from './canvas.ts';
import { renderMesh } from './renderMesh.ts';
import { drawText } from './strokeFont.ts';

export interface MeshContent {
  /** The wall, or the whole closed lumen where there is no ostium. */
  readonly wall: TriangleMesh;
  /** The faces over the ostium; undefined without one. */
  readonly cap: TriangleMesh | undefined;
  /** A closed loop; [] without an ostium. */
  readonly rimLpsMm: readonly Vec3[];
  /** Out of the atrium into the appendage; undefined without an ostium. */
  readonly distal: Vec3 | undefined;
}

/** An orthographic camera: unit directions in LPS of the picture's right and up, and towards the viewer. */
interface Camera {
  readonly right: Vec3;
  readonly up: Vec3;
  readonly viewer: Vec3;
}

/** Azimuth 0 looks from the front; positive turns towards the patient's left, as LAO does. */
function cameraFrom(azimuthDegrees: number, elevationDegrees: number): Camera {
  const [a, e] = [(azimuthDegrees * Math.PI) / 180, (elevationDegrees * Math.PI) / 180];
  const viewer: Vec3 = [Math.sin(a) * Math.cos(e), -Math.cos(a) * Math.cos(e), Math.sin(e)];
  const right = normalize(cross([0, 0, 1], viewer));
  return { right, up: cross(viewer, right), viewer };
}

/** How much of the ostium is seen: the cosine between its normal and the view. */
const SLANT = 0.45;

/** From the front and the left by habit, but turned so that the ostium is seen at a slant. */
function chooseCamera(distal: Vec3 | undefined): Camera {
  const habitual = cameraFrom(40, 15);
  if (distal === undefined) return habitual;
  let best = habitual;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let azimuth = -60; azimuth <= 150; azimuth += 15) {
    for (let elevation = -20; elevation <= 40; elevation += 15) {
      const camera = cameraFrom(azimuth, elevation);
      const slant = Math.abs(-dot(camera.viewer, distal) - SLANT);
      const score = 0.5 * dot(camera.viewer, habitual.viewer) - 2 * slant;
      if (score > bestScore) [best, bestScore] = [camera, score];
    }
  }
  return best;
}

/** Part of the panel's width that the mesh may take. */
const FILL = 0.76;

/** Draws the lumen in 3D: wall and cap shaded, the rim as a line, and the patient's axes in the corner. */
export function drawMeshPanel(canvas: Canvas, area: Rectangle, content: MeshContent): void {
  const { wall, cap, rimLpsMm } = content;
  const camera = chooseCamera(content.distal && normalize(content.distal));
  const image = renderMesh(
    [
      { mesh: wall, colour: PALETTE.wall, insideColour: PALETTE.inside },
      ...(cap === undefined ? [] : [{ mesh: cap, colour: PALETTE.cap, insideColour: PALETTE.cap }]),
    ],
    rimLpsMm.length > 0
      ? [{ pointsLpsMm: rimLpsMm, closed: true, colour: PALETTE.ostium, widthPx: 2.6 }]
      : [],
    {
      widthPx: area.width,
      heightPx: area.height,
      viewDirection: scale(camera.viewer, -1),
      up: camera.up,
      background: PALETTE.panel,
      supersampling: 2,
      millimetresAcross: extentAcross(wall, camera) / FILL,
    },
  );
  const rowBytes = 3 * area.width;
  // The panel's rounded corners stay: the picture is inset by their radius at top and bottom.
  for (let y = 6; y < area.height - 6; y++) {
    canvas.pixels.set(
      image.rgb.subarray(y * rowBytes, (y + 1) * rowBytes),
      3 * (area.x + canvas.width * (area.y + y)),
    );
  }
  drawAxes(canvas, [area.x + 50, area.y + area.height - 50], camera);
  drawText(canvas, 'Lumen and ostium', [area.x + 14, area.y + 26], { colour: PALETTE.text, capPixels: 12 });
}

/** The larger side, in mm, of the mesh as it is seen. */
function extentAcross({ positionsLpsMm: p }: TriangleMesh, { right, up }: Camera): number {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < p.length; at += 3) {
    const point: Vec3 = [p[at]!, p[at + 1]!, p[at + 2]!];
    [dot(point, right), dot(point, up)].forEach((value, axis) => {
      low[axis] = Math.min(low[axis]!, value);
      high[axis] = Math.max(high[axis]!, value);
    });
  }
  return Math.max(1, high[0]! - low[0]!, high[1]! - low[1]!);
}

/** The directions left, posterior and superior as they appear in the picture. */
function drawAxes(canvas: Canvas, [x, y]: Point, { right, up, viewer }: Camera): void {
  const axes: readonly [string, Vec3][] = [
    ['L', [1, 0, 0]],
    ['P', [0, 1, 0]],
    ['S', [0, 0, 1]],
  ];
  for (const [letter, axis] of axes) {
    const [dx, dy] = [30 * dot(axis, right), -30 * dot(axis, up)];
    const opacity = dot(axis, viewer) < -0.5 ? 0.6 : 1;
    const style = { colour: PALETTE.quiet, widthPixels: 1.8, opacity };
    strokeLines(
      canvas,
      [
        [
          [x, y],
          [x + dx, y + dy],
        ],
      ],
      style,
    );
    drawText(canvas, letter, [x + 1.35 * dx, y + 1.35 * dy + 5], {
      colour: PALETTE.letter,
      capPixels: 10,
      align: 'centre',
      opacity,
    });
  }
}
