import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { frameText, type MeshFrame, positionsInFrame } from './meshFrame.ts';
import { shortest } from './stl.ts';
import { damagedSurface, polygonsToMesh } from './surfaceReading.ts';

/** A named part of an export, for example the wall and the ostium of one surface. */
export interface NamedMesh {
  readonly name: string;
  readonly mesh: TriangleMesh;
}

/**
 * Meshes as one Wavefront OBJ file, each a group of its own; coordinates in LPS (or RAS) mm, said in a comment, for the format
 * knows neither frame nor unit. Meshes that have their vertices in common (one array of positions) have them in the file.
 */
export function encodeObj(parts: readonly NamedMesh[], text = '', frame: MeshFrame = 'LPS'): Uint8Array {
  const lines = [`# ${frameText(frame)}`, ...(text ? [`# ${text.replaceAll(/[\r\n]+/g, ' ')}`] : [])];
  const firstOf = new Map<Float32Array, number>();
  let next = 1;
  for (const { name, mesh } of parts) {
    lines.push(`g ${name.replaceAll(/\s+/g, '_')}`);
    if (!firstOf.has(mesh.positionsLpsMm)) {
      const p = positionsInFrame(mesh, frame);
      for (let vertex = 0; vertex < p.length; vertex += 3) {
        lines.push(`v ${shortest(p[vertex]!)} ${shortest(p[vertex + 1]!)} ${shortest(p[vertex + 2]!)}`);
      }
      firstOf.set(mesh.positionsLpsMm, next);
      next += p.length / 3;
    }
    const first = firstOf.get(mesh.positionsLpsMm)!;
    const t = mesh.triangles;
    for (let face = 0; face < t.length; face += 3) {
      lines.push(`f ${t[face]! + first} ${t[face + 1]! + first} ${t[face + 2]! + first}`);
    }
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

/**
 * Reads the vertices and faces of all groups of an OBJ; polygons become triangles, indices may count from the end.
 * Coordinates stay as they are in the file.
 * @throws UserError where a line is damaged, or there are no faces
 */
export function decodeObj(bytes: Uint8Array): TriangleMesh {
  const positions: number[] = [];
  const polygons: number[][] = [];
  // A backslash continues a line.
  const text = new TextDecoder('latin1').decode(bytes).replaceAll(/\\\r?\n/g, ' ');
  for (const line of text.split(/\r?\n/)) {
    const [keyword, ...words] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (keyword === 'v') {
      const point = words.slice(0, 3).map(Number);
      if (point.length !== 3) throw damagedSurface('OBJ');
      positions.push(...point);
    } else if (keyword === 'f') {
      // vertex/texture/normal, counted from 1, or from the last vertex so far backwards.
      polygons.push(
        words.map((word) => {
          const index = Number.parseInt(word, 10);
          return index < 0 ? positions.length / 3 + index : index - 1;
        }),
      );
    }
  }
  return polygonsToMesh(positions, polygons, 'OBJ');
}
