/**
 * CT-like scans of three human left atria, for fine-tuning: each surface is turned and moved to where a phantom has its
 * own atrium and takes its place in the phantom's chest. Contrast, a wall of 2 mm, partial volumes, point spread and
 * noise are those of the phantom and its scanner.
 *
 *   node bench/run.js atriaCt left_atrium OUT     (left_atrium: CARP text of ../shared/data)
 *
 * Writes OUT/atrium-N/image (DICOM) and OUT/atrium-N/surface.stl (the appendage's open wall, LPS mm), which
 * `auricle prepare OUT` reads, and beside them the cube's centre in OUT/centres.json.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { gunzipSync } from 'node:zlib';
import { encodeStl } from '#main/interchange/stl.ts';
import { largestShell, submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { buildScene } from '#main/phantom/anatomy/index.ts';
import { writeCtSeries } from '#main/phantom/dicomWriter.ts';
import { HIGHEST_HU, LOWEST_HU, renderCtBox } from '#main/phantom/renderCt.ts';
import { LABELS, type PhantomScene, type Tissue } from '#main/phantom/scene.ts';
import { defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { cubeGridLps, type GridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import {
  add,
  addScaled,
  cross,
  distance,
  dot,
  normalize,
  perAxis,
  scale,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { gaussianMean } from '#shared/volume/gaussian.ts';

/** Of the meshes' faces. */
const TAGS = { appendage: '13', leftVeins: ['21', '23'], rightVeins: ['25', '27'] } as const;
const SCAN_EDGE_MM = 115;
const VOXELS = 192;
/** Each voxel is painted from so many cubed. */
const FINE = 2;
const WALL_HU = 95;
/** What a Gaussian of 1 mm leaves of a flat front, 2 mm from it: there the wall ends. */
const WALL_EDGE = 0.023;
/** Phantoms with usual contrast, by the atrium that takes the place of theirs. */
const SEEDS = new Map([
  [1, 45],
  [2, 43],
  [3, 44],
]);

interface Atrium {
  readonly mesh: TriangleMesh;
  readonly tags: readonly string[];
}

/** CARP's text: µm, and a tag for each face. */
async function readAtrium(folder: string, number: number): Promise<Atrium> {
  const lines = async (extension: string): Promise<string[][]> => {
    const bytes = gunzipSync(await readFile(join(folder, `LA_endo_${number}.${extension}.gz`)));
    const [, ...rows] = bytes.toString('latin1').trim().split('\n');
    return rows.map((row) => row.trim().split(/\s+/));
  };
  const faces = await lines('elem');
  return {
    mesh: {
      positionsLpsMm: Float32Array.from((await lines('pts')).flat(), (text) => Number(text) / 1000),
      triangles: Uint32Array.from(faces.flatMap(([, a, b, c]) => [Number(a), Number(b), Number(c)])),
    },
    tags: faces.map((face) => face[4]!),
  };
}

const vertexOf = ({ positionsLpsMm }: TriangleMesh, vertex: number): Vec3 =>
  perAxis((axis) => positionsLpsMm[3 * vertex + axis]!);

const meanOf = (points: readonly Vec3[]): Vec3 => scale(points.reduce(add, [0, 0, 0]), 1 / points.length);

const centreOfTags = ({ mesh, tags }: Atrium, wanted: readonly string[]): Vec3 =>
  meanOf(
    tags.flatMap((tag, face) => (wanted.includes(tag) ? [vertexOf(mesh, mesh.triangles[3 * face]!)] : [])),
  );

/** Openings, the mitral valve's first. */
const openingsOf = (mesh: TriangleMesh): Vec3[][] =>
  findBoundaryLoops(mesh)
    .map((loop) => [...loop].map((vertex) => vertexOf(mesh, vertex)))
    .sort((a, b) => b.length - a.length);

/** Right-handed axes: the first along `main`, the second towards `other`. */
function frameOf(main: Vec3, other: Vec3): readonly [Vec3, Vec3, Vec3] {
  const first = normalize(main);
  const second = normalize(addScaled(other, first, -dot(other, first)));
  return [first, second, cross(first, second)];
}

/** In LPS: from the veins to the mitral valve, and from the right veins to the left ones. */
const ANATOMY = frameOf([0.35, -0.65, -0.65], [1, 0, 0]);

/** The atrium turned into LPS, with its appendage's middle at a point. */
function placed(atrium: Atrium, appendageLpsMm: Vec3): Atrium {
  const left = centreOfTags(atrium, TAGS.leftVeins);
  const right = centreOfTags(atrium, TAGS.rightVeins);
  const mitral = meanOf(openingsOf(atrium.mesh)[0]!);
  const own = frameOf(subtract(mitral, meanOf([left, right])), subtract(left, right));
  const turned = (place: Vec3): Vec3 =>
    own.reduce<Vec3>((sum, axis, n) => addScaled(sum, ANATOMY[n as 0 | 1 | 2], dot(place, axis)), [0, 0, 0]);
  const shift = subtract(appendageLpsMm, turned(centreOfTags(atrium, [TAGS.appendage])));
  const positionsLpsMm = new Float32Array(atrium.mesh.positionsLpsMm.length);
  for (let vertex = 0; vertex < positionsLpsMm.length / 3; vertex++) {
    positionsLpsMm.set(add(turned(vertexOf(atrium.mesh, vertex)), shift), 3 * vertex);
  }
  return { ...atrium, mesh: { ...atrium.mesh, positionsLpsMm } };
}

/** The surface with a fan over each opening, for its inside. */
function filled(mesh: TriangleMesh): TriangleMesh {
  const positions = [...mesh.positionsLpsMm];
  const triangles = [...mesh.triangles];
  for (const loop of findBoundaryLoops(mesh)) {
    const middle = positions.length / 3;
    positions.push(...meanOf([...loop].map((vertex) => vertexOf(mesh, vertex))));
    for (const [n, vertex] of loop.entries()) {
      triangles.push(middle, vertex, loop[(n + 1) % loop.length]!);
    }
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

interface Tube {
  readonly from: Vec3;
  readonly direction: Vec3;
  readonly lengthMm: number;
  readonly radiusMm: number;
}

/** What goes on beyond the openings: a tube from each, as wide as it, away from the atrium's middle; the mitral valve's first. */
function tubesOf(mesh: TriangleMesh): Tube[] {
  const middle = meanOf(openingsOf(mesh).map(meanOf));
  return openingsOf(mesh).map((loop, n) => {
    const from = meanOf(loop);
    const area = loop.reduce<Vec3>(
      (sum, place, at) =>
        add(sum, cross(subtract(place, from), subtract(loop[(at + 1) % loop.length]!, from))),
      [0, 0, 0],
    );
    const normal = normalize(area);
    const direction = dot(normal, subtract(from, middle)) < 0 ? scale(normal, -1) : normal;
    const radiusMm = meanOf(loop.map((place): Vec3 => [distance(place, from), 0, 0]))[0];
    return { from, direction, lengthMm: n === 0 ? 12 : 30, radiusMm };
  });
}

/** The share of blood in each voxel of the scan. */
function bloodShare(mesh: TriangleMesh, tubes: readonly Tube[], grid: GridLps): Float32Array {
  const n = grid.sizeIjk[0];
  const fine = cubeGridLps(
    perAxis((axis) => grid.originLpsMm[axis] + ((n - 1) / 2) * grid.spacingMm[axis]),
    SCAN_EDGE_MM,
    FINE * n,
  );
  const mask = rasterizeClosedMesh(filled(mesh), fine);
  for (const { from, direction, lengthMm, radiusMm } of tubes) {
    const along = Math.ceil(lengthMm / fine.spacingMm[0]);
    const across = Math.ceil(radiusMm / fine.spacingMm[0]);
    const [e, f] = frameOf(direction, [0.6, 0.64, 0.48]).slice(1) as [Vec3, Vec3];
    for (let a = -2; a <= along; a++)
      for (let b = -across; b <= across; b++)
        for (let c = -across; c <= across; c++) {
          if (Math.hypot(b, c) > across) continue;
          const step = fine.spacingMm[0];
          const place = addScaled(addScaled(addScaled(from, direction, a * step), e, b * step), f, c * step);
          const [i, j, k] = perAxis((axis) =>
            Math.round((place[axis] - fine.originLpsMm[axis]) / fine.spacingMm[axis]),
          );
          const size = FINE * n;
          if (Math.min(i, j, k) >= 0 && Math.max(i, j, k) < size) mask[(k * size + j) * size + i] = 1;
        }
  }
  const share = new Float32Array(voxelCount(grid));
  const size = FINE * n;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    const [i, j, k] = [at % size, Math.floor(at / size) % size, Math.floor(at / size ** 2)];
    const voxel = (Math.floor(k / FINE) * n + Math.floor(j / FINE)) * n + Math.floor(i / FINE);
    share[voxel] = share[voxel]! + 1 / FINE ** 3;
  }
  return share;
}

/** The share of blood and of the wall round it. */
function wallShare(blood: Float32Array, grid: GridLps): Float32Array {
  const sigma = 1 / grid.spacingMm[0];
  const spread = gaussianMean(blood, grid.sizeIjk, [sigma, sigma, sigma]);
  return spread.map((value) => Math.min(Math.max((value - WALL_EDGE) / WALL_EDGE + 0.5, 0), 1));
}

const ATRIAL = new Set(['atrialWall', 'pulmonaryVeins', 'mitralLeaflets']);
const isAtrial = ({ label, name }: Tissue): boolean =>
  label === LABELS.leftAtrium || label === LABELS.appendage || ATRIAL.has(name);

/** The phantom's chest with another atrium in it, HU. */
function renderAtrium(scene: PhantomScene, mesh: TriangleMesh, grid: GridLps): Int16Array {
  const box = { from: [0, 0, 0] as Vec3, to: grid.sizeIjk };
  const { acquisition } = scene;
  const without = { ...scene, tissues: scene.tissues.filter((tissue) => !isAtrial(tissue)) };
  const noisy = renderCtBox(without, grid, box);
  const plain = renderCtBox({ ...without, acquisition: { ...acquisition, noiseSdHu: 0 } }, grid, box);
  const bloodHu = scene.tissues.find(({ label }) => label === LABELS.leftAtrium)!.hu.baseHu;
  const sigma: Vec3 = [
    acquisition.psfInPlaneSdMm / grid.spacingMm[0],
    acquisition.psfInPlaneSdMm / grid.spacingMm[1],
    acquisition.sliceThicknessMm / 2.355 / grid.spacingMm[2],
  ];
  const [valve, ...veins] = tubesOf(mesh);
  const blood = gaussianMean(bloodShare(mesh, [valve!, ...veins], grid), grid.sizeIjk, sigma);
  // No wall goes on into the ventricle.
  const both = gaussianMean(wallShare(bloodShare(mesh, veins, grid), grid), grid.sizeIjk, sigma);
  return Int16Array.from(plain, (base, at) => {
    const inner = Math.min(blood[at]!, 1);
    const outer = Math.max(Math.min(both[at]!, 1), inner);
    const hu = base * (1 - outer) + WALL_HU * (outer - inner) + bloodHu * inner + (noisy[at]! - base);
    return Math.round(Math.min(Math.max(hu, LOWEST_HU), HIGHEST_HU));
  });
}

const [source, out] = process.argv.slice(2);
if (source === undefined || out === undefined) throw new Error('atriaCt needs left_atrium and OUT.');
const centres: Record<string, Vec3> = {};
for (const [number, seed] of SEEDS) {
  const scene = buildScene(seed);
  const target = meanOf(scene.appendage.centreLineLpsMm);
  const atrium = placed(await readAtrium(source, number), target);
  const middle = centreOfTags(atrium, ['11']);
  const grid = cubeGridLps(target, SCAN_EDGE_MM, VOXELS);
  const folder = join(out, `atrium-${number}`);
  await mkdir(folder, { recursive: true });
  const data = renderAtrium(scene, atrium.mesh, grid);
  const metadata = defaultCtSeriesMetadata(seed, grid);
  await writeCtSeries({ volume: { grid, data }, metadata }, join(folder, 'image'));
  const appendage = largestShell(submesh(atrium.mesh, (face) => atrium.tags[face] === TAGS.appendage).mesh);
  await writeFile(join(folder, 'surface.stl'), encodeStl(appendage.mesh));
  centres[`atrium-${number}`] = target;
  const side = subtract(target, middle).map((value) => value.toFixed(0));
  process.stderr.write(`atrium-${number}: the appendage is ${side} mm (L, P, S) from the atrium\n`);
}
await writeFile(join(out, 'centres.json'), `${JSON.stringify(centres, null, 2)}\n`);
