import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { PhantomScene } from '../scene.ts';
import { appendageBounds } from './buildScene.ts';
import { cutSection, type Section } from './ostium.ts';
import type { Field } from './shapeField.ts';

export interface LumenMeasures {
  readonly ostium: Section;
  readonly volumeMl: number;
  /** Along the centre line from the ostium to the tip's surface, mm. */
  readonly depthMm: number;
  /** Six-connected pieces of the closed lumen of at least 0.02 mL. */
  readonly pieces: number;
  /** Of the largest piece: 1 for a ball; 1 − handles + cavities (Euler characteristic of the voxel solid). */
  readonly eulerCharacteristic: number;
}

/**
 * Measures the closed lumen on a lattice of `spacingMm`: what the tests and the model card's table of phantoms report.
 * `body` evaluates the scene's `bodyShape`.
 */
export function measureLumen(scene: PhantomScene, body: Field, spacingMm = 1): LumenMeasures {
  const { ostiumPointLpsMm: o, ostiumNormal: n, centreLineLpsMm: line } = scene.appendage;
  const { low, high } = appendageBounds(scene);
  const marginMm = 26;
  const size = [0, 1, 2].map((k) =>
    Math.ceil((high[k]! - low[k]! + 2 * marginMm) / spacingMm),
  ) as unknown as Vec3;
  const at = (i: number, j: number, k: number): Vec3 => [
    low[0] - marginMm + i * spacingMm,
    low[1] - marginMm + j * spacingMm,
    low[2] - marginMm + k * spacingMm,
  ];
  const [nI, nJ, nK] = size;
  const inside = new Uint8Array(nI * nJ * nK);
  for (let k = 0, index = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      for (let i = 0; i < nI; i++, index++) {
        const p = at(i, j, k);
        if (dot(subtract(p, o), n) > 0 && body(p[0], p[1], p[2]) < 0) inside[index] = 1;
      }
    }
  }
  const sizes = label(inside, size);
  const least = 20 / spacingMm ** 3;
  const largest = sizes.indexOf(Math.max(...sizes));
  let arc = 0;
  for (let index = 1; index < line.length; index++) {
    arc += Math.hypot(...(subtract(line[index]!, line[index - 1]!) as unknown as number[]));
  }
  const tip = line[line.length - 1]!;
  return {
    ostium: cutSection(body, { pointLpsMm: o, normal: n }, 1),
    volumeMl: ((sizes[largest] ?? 0) * spacingMm ** 3) / 1000,
    depthMm: arc + Math.max(0, -body(tip[0], tip[1], tip[2])),
    pieces: sizes.filter((count) => count >= least).length,
    eulerCharacteristic: euler(inside, size, largest + 2),
  };
}

/** Marks six-connected pieces of ones as 2, 3, …; returns their sizes. */
function label(inside: Uint8Array, [nI, nJ, nK]: Vec3): number[] {
  const sizes: number[] = [];
  const stack: number[] = [];
  const steps = [1, -1, nI, -nI, nI * nJ, -nI * nJ];
  for (let start = 0; start < inside.length; start++) {
    if (inside[start] !== 1) continue;
    const mark = Math.min(255, sizes.length + 2);
    let count = 0;
    stack.push(start);
    inside[start] = mark;
    while (stack.length > 0) {
      const index = stack.pop()!;
      count++;
      for (const step of steps) {
        if (inside[index + step] === 1) {
          inside[index + step] = mark;
          stack.push(index + step);
        }
      }
    }
    sizes.push(count);
  }
  return sizes.length > 0 && nK > 0 ? sizes : [0];
}

/** Vertices − edges + faces − cubes of the voxels with the mark, each counted once (open complex: six-connected). */
function euler(inside: Uint8Array, [nI, nJ, nK]: Vec3, mark: number): number {
  const on = (i: number, j: number, k: number) => (inside[i + nI * (j + nJ * k)] === mark ? 1 : 0);
  let sum = 0;
  // Six-connected Euler number: voxels − adjacent pairs + squares of four − cubes of eight.
  for (let k = 0; k + 1 < nK; k++) {
    for (let j = 0; j + 1 < nJ; j++) {
      for (let i = 0; i + 1 < nI; i++) {
        if (!on(i, j, k)) continue;
        const [x, y, z] = [on(i + 1, j, k), on(i, j + 1, k), on(i, j, k + 1)];
        const [xy, xz, yz] = [
          x & y & on(i + 1, j + 1, k),
          x & z & on(i + 1, j, k + 1),
          y & z & on(i, j + 1, k + 1),
        ];
        sum += 1 - x - y - z + xy + xz + yz - (xy & xz & yz & on(i + 1, j + 1, k + 1));
      }
    }
  }
  return sum;
}
