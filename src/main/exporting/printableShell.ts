import { submesh } from '#main/mesh/submesh.ts';
import { faceComponents, findBoundaryLoops } from '#main/mesh/topology.ts';
import type { PlaneLps } from '#shared/anatomy/plane.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { boundingBoxLpsMm, faceCross, sixfoldVolumeMm3 } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import { collapseSlivers, type LabelledMesh } from '../mesh/collapseSlivers.ts';
import { type MeshQuality, meshQuality } from '../mesh/quality.ts';
import { buildTriangleTree, nearestOnMesh } from '../mesh/triangleTree.ts';
import { untangle } from '../mesh/untangle.ts';
import { triangulateNet } from '../surface/extraction/quadMesh.ts';
import { surfaceNets } from '../surface/extraction/surfaceNets.ts';
import { relaxOnLattice } from '../surface/extraction/zeroSet.ts';
import { makeWellComposed } from '../surface/field/wellComposed.ts';
import { meshFromFrame, meshToFrame, type PlaneFrame, planeFrame } from './planeFrame.ts';
import { INNER, OUTER, PLANE, sharpenShell, shellSides } from './sharpenShell.ts';
import { BASE_HEIGHT_MM, shellField } from './shellField.ts';

export interface ShellInput {
  /** The closed lumen, LPS mm. */
  readonly closed: TriangleMesh;
  /** The same without the ostium's cap; null where it has none (the plane alone then opens the shell). */
  readonly wall: TriangleMesh | null;
  /** Normal into the appendage; null gives a hollow body without an opening. */
  readonly ostiumPlane: PlaneLps | null;
  /** Of the wall, outward from the lumen, mm. */
  readonly thicknessMm: number;
  /** How far a base round the opening reaches out of the wall, mm; left out or 0: none. */
  readonly baseWidthMm?: number;
}

export interface PrintableShell {
  /** LPS mm; watertight, outward normals. With an ostium one surface; without, the outer one and the cavity's. */
  readonly mesh: TriangleMesh;
  readonly quality: MeshQuality;
  readonly isOpen: boolean;
  /** From the outer surface's vertices to the nearest point of the inner surface, both of the finished mesh. */
  readonly reachedMm: { readonly min: number; readonly mean: number };
  /** The same at every vertex of the mesh: to the nearest point of the other surface, mm. */
  readonly thicknessMm: Float32Array;
  /** How it stands on the opening's plane; null without an opening. */
  readonly stand: ShellStand | null;
  /** Edge of the lattice's cells: finer folds of the wall are lost. */
  readonly cellMm: number;
}

/** How a body stands on a plane. */
export interface ShellStand {
  /** How far its centre of mass lies within what it stands on, mm; negative: it falls over. */
  readonly marginMm: number;
  /** How far it can be tilted before it falls over, degrees; negative where it does so by itself. */
  readonly tipsAtDegrees: number;
}

/** Labels of the shell's faces. */
const INSIDE_FACE = 0;
const OUTSIDE_FACE = 1;
const RIM_FACE = 2;

const RELAXATION_ROUNDS = 6;

/**
 * A wall of even thickness round the lumen, for printing: open at the ostium, its rim flat in the ostium's plane. The
 * signed distance to the wall is sampled on a lattice whose axis is the plane's normal, meshed with surface nets, and
 * the vertices are moved onto the wall, its offset and the plane. Lobes nearer to each other than twice the thickness
 * grow together outside; gaps in the lumen's folds narrower than a cell may close.
 * @throws UserError where the plane leaves nothing or the surface is too large; CancelledError.
 */
export async function printableShell(
  { closed, wall, ostiumPlane, thicknessMm, baseWidthMm = 0 }: ShellInput,
  { signal, onProgress }: JobOptions = {},
): Promise<PrintableShell> {
  const report = (fraction: number): void => onProgress?.({ stage: 'Making the printable shell', fraction });
  const frame: PlaneFrame = ostiumPlane
    ? planeFrame(ostiumPlane)
    : planeFrame({ pointLpsMm: boundingBoxLpsMm(closed).low, normal: [0, 0, 1] });
  const tree = buildTriangleTree(
    ostiumPlane && wall ? withSkirt(meshToFrame(wall, frame), -1 - thicknessMm) : meshToFrame(closed, frame),
  );
  const source = {
    closed: meshToFrame(closed, frame),
    wall: tree,
    isCut: ostiumPlane !== null,
    thicknessMm,
    baseWidthMm,
  };
  const field = await shellField(source, signal, (fraction) => report(0.7 * fraction));
  const { lattice } = field;
  const everywhere = { low: [0, 0, 0], high: [lattice.cells, lattice.cells, lattice.cells] } as const;
  makeWellComposed(lattice, everywhere);
  const net = surfaceNets(lattice, everywhere);
  if (net.quads.length === 0) throw new UserError(failure('export.shell-empty'));
  relaxOnLattice(lattice, net, RELAXATION_ROUNDS);
  const sides = shellSides(field, net, { thicknessMm, baseWidthMm });
  sharpenShell(field, net, sides, tree, { thicknessMm, baseWidthMm });
  throwIfCancelled(signal);
  report(0.8);
  const whole = triangulateNet(lattice, net);
  const body = mainBody({ mesh: whole, labels: faceLabels(whole, sides) }, ostiumPlane === null);
  const { mesh, labels } = collapseSlivers(body);
  const { mesh: upright } = untangle(mesh, { fixed: rimVertices({ mesh, labels }) });
  const shell = meshFromFrame(upright, frame);
  throwIfCancelled(signal);
  report(0.9);
  const quality = meshQuality(shell);
  const aboveMm = ostiumPlane && baseWidthMm > 0 ? BASE_HEIGHT_MM + lattice.cellMm : -Infinity;
  const { thickness, ...reachedMm } = reachedThickness({ mesh: upright, labels }, aboveMm);
  report(1);
  return {
    mesh: shell,
    quality,
    isOpen: ostiumPlane !== null,
    reachedMm,
    thicknessMm: thickness,
    stand: ostiumPlane && standOf(upright),
    cellMm: lattice.cellMm,
  };
}

/**
 * The open wall, in the ostium's frame, led on from its border straight down to a height: the border is not quite plane,
 * and where it ends above the plane the shell would too.
 */
function withSkirt(wall: TriangleMesh, downToMm: number): TriangleMesh {
  const positions = Array.from(wall.positionsLpsMm);
  const triangles = Array.from(wall.triangles);
  for (const loop of findBoundaryLoops(wall)) {
    const first = positions.length / 3;
    for (const vertex of loop) {
      positions.push(positions[3 * vertex]!, positions[3 * vertex + 1]!, downToMm);
    }
    loop.forEach((vertex, index) => {
      const next = (index + 1) % loop.length;
      triangles.push(vertex, first + index, first + next, vertex, first + next, loop[next]!);
    });
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

function faceLabels({ triangles }: TriangleMesh, sides: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: triangles.length / 3 }, (_, face) => {
    const bits = [0, 1, 2].map((corner) => sides[triangles[3 * face + corner]!]!);
    const all = bits.reduce((common, value) => common & value);
    const some = bits.reduce((any, value) => any | value);
    if ((all & PLANE) !== 0) return RIM_FACE;
    if ((all & INNER) !== 0) return INSIDE_FACE;
    return (all & OUTER) !== 0 || (some & INNER) === 0 ? OUTSIDE_FACE : INSIDE_FACE;
  });
}

/** The component that encloses most; for a hollow body, its largest cavity as well. */
function mainBody({ mesh, labels }: LabelledMesh, isHollow: boolean): LabelledMesh {
  const { componentOfFace, count } = faceComponents(mesh);
  const volumes = new Float64Array(count);
  const p = mesh.positionsLpsMm;
  for (let face = 0; face < faceCount(mesh); face++) {
    const [x, y, z] = faceCross(mesh, face);
    const a = 3 * mesh.triangles[3 * face]!;
    volumes[componentOfFace[face]!]! += x * p[a]! + y * p[a + 1]! + z * p[a + 2]!;
  }
  const outer = volumes.indexOf(Math.max(...volumes));
  const cavity = volumes.indexOf(Math.min(...volumes));
  const isKept = (face: number): boolean => {
    const component = componentOfFace[face]!;
    return component === outer || (isHollow && component === cavity);
  };
  return { mesh: submesh(mesh, isKept).mesh, labels: labels.filter((_, face) => isKept(face)) };
}

/** 1 for the vertices of the rim's flat faces: they stay in the plane. */
function rimVertices({ mesh, labels }: LabelledMesh): Uint8Array {
  const fixed = new Uint8Array(mesh.positionsLpsMm.length / 3);
  mesh.triangles.forEach((vertex, corner) => {
    if (labels[Math.floor(corner / 3)] === RIM_FACE) fixed[vertex] = 1;
  });
  return fixed;
}

/**
 * The wall's thickness at every vertex, in the ostium's frame, and its extremes over the outer surface.
 * @param aboveMm only vertices higher than this count for the extremes: the base is none of the wall
 */
function reachedThickness(
  { mesh, labels }: LabelledMesh,
  aboveMm: number,
): { thickness: Float32Array; min: number; mean: number } {
  const inner = buildTriangleTree(submesh(mesh, (face) => labels[face] === INSIDE_FACE).mesh);
  const outer = buildTriangleTree(submesh(mesh, (face) => labels[face] === OUTSIDE_FACE).mesh);
  const { positionsLpsMm: p, triangles } = mesh;
  const isOuter = new Uint8Array(p.length / 3);
  const isInner = new Uint8Array(p.length / 3);
  triangles.forEach((vertex, corner) => {
    const label = labels[Math.floor(corner / 3)];
    if (label === OUTSIDE_FACE) isOuter[vertex] = 1;
    else if (label === INSIDE_FACE) isInner[vertex] = 1;
  });
  let [min, sum, count] = [Infinity, 0, 0];
  const thickness = Float32Array.from(isOuter, (is, vertex) => {
    const [x, y, z] = [p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!];
    const { distanceMm } = nearestOnMesh(is === 1 ? inner : outer, x, y, z);
    // Within the flat rim: from one surface to the other.
    if (is === 0 && isInner[vertex] === 0) return distanceMm + nearestOnMesh(inner, x, y, z).distanceMm;
    if (is === 1 && z > aboveMm) {
      min = Math.min(min, distanceMm);
      sum += distanceMm;
      count++;
    }
    return distanceMm;
  });
  return { thickness, min, mean: sum / count };
}

/** Vertices no higher than this touch the plane, mm. */
const ON_PLANE_MM = 1e-3;
const TIPPING_DIRECTIONS = 360;

/** How a body stands on height 0 of the ostium's frame. */
function standOf(mesh: TriangleMesh): ShellStand {
  const { positionsLpsMm: p } = mesh;
  const centre: [number, number, number] = [0, 0, 0];
  let volume = 0;
  for (let face = 0; face < faceCount(mesh); face++) {
    // The tetrahedron over the origin: its middle is a quarter of its corners' sum.
    const part = sixfoldVolumeMm3(mesh, face, [0, 0, 0]);
    volume += part;
    for (const axis of [0, 1, 2] as const) {
      let corners = 0;
      for (let corner = 3 * face; corner < 3 * face + 3; corner++) {
        corners += p[3 * mesh.triangles[corner]! + axis]!;
      }
      centre[axis] += (part * corners) / 4;
    }
  }
  const [x, y, height] = [centre[0] / volume, centre[1] / volume, centre[2] / volume];
  let marginMm = Infinity;
  for (let step = 0; step < TIPPING_DIRECTIONS; step++) {
    const angle = (2 * Math.PI * step) / TIPPING_DIRECTIONS;
    const [u, v] = [Math.cos(angle), Math.sin(angle)];
    let reach = -Infinity;
    for (let at = 0; at < p.length; at += 3) {
      if (p[at + 2]! <= ON_PLANE_MM) reach = Math.max(reach, u * (p[at]! - x) + v * (p[at + 1]! - y));
    }
    marginMm = Math.min(marginMm, reach);
  }
  return { marginMm, tipsAtDegrees: (Math.atan2(marginMm, height) * 180) / Math.PI };
}
