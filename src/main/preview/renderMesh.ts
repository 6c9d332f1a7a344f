import { cross, dot, normalize, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexNormals } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Red, green, blue, 0–255. */
export type Rgb = readonly [number, number, number];

export interface RenderedMesh {
  readonly mesh: TriangleMesh;
  readonly colour: Rgb;
  /** Faces seen from behind (the inside of an open wall) in this colour; darkened `colour` when left out. */
  readonly insideColour?: Rgb;
  /** 3 numbers a vertex, 0–255, in place of both colours. */
  readonly vertexColours?: Uint8Array;
  /** 'flat' shades each face by its own normal and so shows every triangle. Default 'smooth'. */
  readonly shading?: 'flat' | 'smooth';
}

export interface RenderedLine {
  readonly pointsLpsMm: readonly Vec3[];
  /** The last point joins the first. */
  readonly closed: boolean;
  readonly colour: Rgb;
  readonly widthPx: number;
}

export interface RenderOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** From the viewer into the scene, LPS. */
  readonly viewDirection: Vec3;
  /** What is up in the picture, LPS; need not be square to the view. Default superior. */
  readonly up?: Vec3;
  readonly background?: Rgb;
  /** Samples per pixel and axis. Default 3. */
  readonly supersampling?: number;
  /** The part of the scene to show; its whole box when left out. */
  readonly centreLpsMm?: Vec3;
  readonly millimetresAcross?: number;
}

/** A picture, rows from the top, three bytes a pixel. */
export interface RgbImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/**
 * Draws meshes and lines in software: orthographic, lit from the viewer's upper left (Lambert), with a depth buffer.
 * Lines are drawn slightly in front of the surface on which they lie.
 */
export function renderMesh(
  meshes: readonly RenderedMesh[],
  lines: readonly RenderedLine[],
  options: RenderOptions,
): RgbImage {
  const sampling = options.supersampling ?? 3;
  const canvas = createCanvas(
    options.widthPx * sampling,
    options.heightPx * sampling,
    options.background ?? [255, 255, 255],
  );
  const camera = createCamera(meshes, lines, options, canvas);
  for (const item of meshes) drawMesh(canvas, camera, item);
  for (const line of lines) drawLine(canvas, camera, line, sampling);
  return downsampled(canvas, options.widthPx, options.heightPx, sampling);
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rgb: Float32Array;
  readonly depth: Float32Array;
}

function createCanvas(width: number, height: number, background: Rgb): Canvas {
  const rgb = new Float32Array(3 * width * height);
  for (let at = 0; at < rgb.length; at += 3) {
    rgb[at] = background[0];
    rgb[at + 1] = background[1];
    rgb[at + 2] = background[2];
  }
  return { width, height, rgb, depth: new Float32Array(width * height).fill(Infinity) };
}

interface Camera {
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
  /** Towards the light. */
  readonly light: Vec3;
  /** Pixels: x to the right, y downward; depth in mm, larger is farther. */
  project(x: number, y: number, z: number): readonly [number, number, number];
}

function createCamera(
  meshes: readonly RenderedMesh[],
  lines: readonly RenderedLine[],
  options: RenderOptions,
  canvas: Canvas,
): Camera {
  const forward = normalize(options.viewDirection);
  const up0 = options.up ?? [0, 0, 1];
  const sideways = cross(forward, up0);
  // Looking along "up" itself: anterior is then up in the picture.
  const right = normalize(Math.hypot(...sideways) > 1e-6 ? sideways : cross(forward, [0, -1, 0]));
  const up = cross(right, forward);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const include = (point: Vec3): void => {
    [dot(point, right), dot(point, up), dot(point, forward)].forEach((value, axis) => {
      low[axis] = Math.min(low[axis]!, value);
      high[axis] = Math.max(high[axis]!, value);
    });
  };
  for (const { mesh } of meshes) {
    const p = mesh.positionsLpsMm;
    for (let at = 0; at < p.length; at += 3) include([p[at]!, p[at + 1]!, p[at + 2]!]);
  }
  for (const { pointsLpsMm } of lines) pointsLpsMm.forEach(include);
  if (low[0] === Infinity) include([0, 0, 0]);
  const centre: Vec3 = options.centreLpsMm
    ? [dot(options.centreLpsMm, right), dot(options.centreLpsMm, up), 0]
    : [(low[0]! + high[0]!) / 2, (low[1]! + high[1]!) / 2, 0];
  const fitted = Math.max(
    (high[0]! - low[0]!) / 0.92,
    ((high[1]! - low[1]!) / 0.92) * (canvas.width / canvas.height),
    1e-3,
  );
  const pixelsPerMm = canvas.width / (options.millimetresAcross ?? fitted);
  const light = normalize([
    -0.4 * right[0] + 0.6 * up[0] - forward[0],
    -0.4 * right[1] + 0.6 * up[1] - forward[1],
    -0.4 * right[2] + 0.6 * up[2] - forward[2],
  ]);
  return {
    right,
    up,
    forward,
    light,
    project: (x, y, z) => [
      canvas.width / 2 + (x * right[0] + y * right[1] + z * right[2] - centre[0]) * pixelsPerMm,
      canvas.height / 2 - (x * up[0] + y * up[1] + z * up[2] - centre[1]) * pixelsPerMm,
      x * forward[0] + y * forward[1] + z * forward[2],
    ],
  };
}

const AMBIENT = 0.3;

function drawMesh(canvas: Canvas, camera: Camera, item: RenderedMesh): void {
  const { mesh, colour, vertexColours } = item;
  const inside = item.insideColour ?? (scale(colour, 0.6) as Rgb);
  const { positionsLpsMm: p, triangles } = mesh;
  const count = p.length / 3;
  const projected = new Float64Array(3 * count);
  for (let vertex = 0; vertex < count; vertex++) {
    projected.set(camera.project(p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!), 3 * vertex);
  }
  const normals = item.shading === 'flat' ? undefined : vertexNormals(mesh);
  const brightness = (x: number, y: number, z: number, side: number): number => {
    const [lx, ly, lz] = camera.light;
    return AMBIENT + (1 - AMBIENT) * Math.max(0, side * (x * lx + y * ly + z * lz));
  };
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [3 * triangles[face]!, 3 * triangles[face + 1]!, 3 * triangles[face + 2]!];
    const [ax, ay, az] = [projected[a]!, projected[a + 1]!, projected[a + 2]!];
    const [bx, by, bz] = [projected[b]!, projected[b + 1]!, projected[b + 2]!];
    const [cx, cy, cz] = [projected[c]!, projected[c + 1]!, projected[c + 2]!];
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (Math.abs(area) < 1e-9) continue;
    // y runs downward, so a face towards the viewer turns the other way round.
    const front = area < 0;
    const side = front ? 1 : -1;
    const [red, green, blue] = front ? colour : inside;
    let [la, lb, lc] = [0, 0, 0];
    if (normals) {
      la = brightness(normals[a]!, normals[a + 1]!, normals[a + 2]!, side);
      lb = brightness(normals[b]!, normals[b + 1]!, normals[b + 2]!, side);
      lc = brightness(normals[c]!, normals[c + 1]!, normals[c + 2]!, side);
    } else {
      const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
      const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
      const n = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
      const norm = Math.hypot(...n) || 1;
      la = brightness(n[0]! / norm, n[1]! / norm, n[2]! / norm, side);
      [lb, lc] = [la, la];
    }
    const x0 = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const x1 = Math.min(canvas.width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const y0 = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const y1 = Math.min(canvas.height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const [px, py] = [x + 0.5, y + 0.5];
        const wb = ((px - ax) * (cy - ay) - (py - ay) * (cx - ax)) / area;
        const wc = ((bx - ax) * (py - ay) - (by - ay) * (px - ax)) / area;
        const wa = 1 - wb - wc;
        if (wa < -1e-9 || wb < -1e-9 || wc < -1e-9) continue;
        const depth = wa * az + wb * bz + wc * cz;
        const at = x + canvas.width * y;
        if (depth >= canvas.depth[at]!) continue;
        canvas.depth[at] = depth;
        const lit = wa * la + wb * lb + wc * lc;
        if (vertexColours) {
          for (let channel = 0; channel < 3; channel++) {
            canvas.rgb[3 * at + channel] =
              lit *
              (wa * vertexColours[a + channel]! +
                wb * vertexColours[b + channel]! +
                wc * vertexColours[c + channel]!);
          }
          continue;
        }
        canvas.rgb[3 * at] = red * lit;
        canvas.rgb[3 * at + 1] = green * lit;
        canvas.rgb[3 * at + 2] = blue * lit;
      }
    }
  }
}

/** How far in front of a surface a line on it is drawn, mm. */
const LINE_LIFT_MM = 0.4;

function drawLine(canvas: Canvas, camera: Camera, line: RenderedLine, sampling: number): void {
  const points = line.pointsLpsMm.map((point) => camera.project(...point));
  const radius = (line.widthPx * sampling) / 2;
  const segments = line.closed ? points.length : points.length - 1;
  for (let index = 0; index < segments; index++) {
    const [ax, ay, az] = points[index]!;
    const [bx, by, bz] = points[(index + 1) % points.length]!;
    const steps = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay)));
    for (let step = 0; step <= steps; step++) {
      const t = step / steps;
      const depth = az + t * (bz - az) - LINE_LIFT_MM;
      drawDisc(canvas, ax + t * (bx - ax), ay + t * (by - ay), radius, depth, line.colour);
    }
  }
}

function drawDisc(canvas: Canvas, cx: number, cy: number, radius: number, depth: number, colour: Rgb): void {
  for (let y = Math.max(0, Math.floor(cy - radius)); y <= Math.min(canvas.height - 1, cy + radius); y++) {
    for (let x = Math.max(0, Math.floor(cx - radius)); x <= Math.min(canvas.width - 1, cx + radius); x++) {
      if ((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 > radius * radius) continue;
      const at = x + canvas.width * y;
      if (depth >= canvas.depth[at]!) continue;
      canvas.depth[at] = depth;
      canvas.rgb.set(colour, 3 * at);
    }
  }
}

function downsampled(canvas: Canvas, widthPx: number, heightPx: number, sampling: number): RgbImage {
  const rgb = new Uint8Array(3 * widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let dy = 0; dy < sampling; dy++) {
          const row = (y * sampling + dy) * canvas.width + x * sampling;
          for (let dx = 0; dx < sampling; dx++) sum += canvas.rgb[3 * (row + dx) + channel]!;
        }
        rgb[3 * (x + widthPx * y) + channel] = Math.min(255, Math.round(sum / sampling ** 2));
      }
    }
  }
  return { widthPx, heightPx, rgb };
}
