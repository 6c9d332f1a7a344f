import { coloursOf, DIVERGING, SEQUENTIAL } from '#shared/colourScale.ts';
import type { MESH_FORMATS } from '#shared/contract/services/exporting.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { encodeGlb } from '../interchange/glb.ts';
import type { MeshFrame } from '../interchange/meshFrame.ts';
import { encodeObj } from '../interchange/obj.ts';
import {
  encodePatched,
  encodeSeparatePatches,
  type PatchedExtension,
} from '../interchange/patchedSurface.ts';
import { encodePly } from '../interchange/ply.ts';
import { encodeStl, encodeStlAscii } from '../interchange/stl.ts';
import { encodeThreeMf } from '../interchange/threeMf.ts';
import { encodeVtp } from '../interchange/vtp.ts';
import { submesh } from '../mesh/submesh.ts';
import type { MeshProduct } from './meshProducts.ts';
import { thicknessScale } from './shellPicture.ts';

export type MeshFormat = (typeof MESH_FORMATS)[number];

/** What follows a file's stem; ASCII and RAS are named, binary and LPS are the rule. */
const EXTENSIONS: Readonly<Record<MeshFormat, readonly [before: string, last: string]>> = {
  stl: ['', '.stl'],
  'stl-ascii': ['.ascii', '.stl'],
  obj: ['', '.obj'],
  ply: ['', '.ply'],
  vtp: ['', '.vtp'],
  '3mf': ['', '.3mf'],
  glb: ['', '.glb'],
};

function meshFileName(product: string, format: MeshFormat, frame: MeshFrame): string {
  const [before, last] = EXTENSIONS[format];
  return `laa-${product}${before}${frame === 'RAS' ? '.ras' : ''}${last}`;
}

/** What a reader must know of a format's own axes. */
export const formatAxes = (format: MeshFormat): string | undefined =>
  format === 'glb'
    ? 'The vertices are in frame and unit; the node’s rotation and scale turn them to glTF’s metres, y up (superior), +z anterior, +x left.'
    : undefined;

/** A file of a product: the whole of it, or one patch. */
export interface MeshFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the file holds. */
  readonly mesh: TriangleMesh;
  readonly label: string;
}

/**
 * The product as files; no patient data. A mesh for simulation keeps its patches: in VTP, OBJ, PLY and text STL as one
 * file, in binary STL, which has no place for them, as a file each.
 */
export function meshFiles(product: MeshProduct, format: MeshFormat, frame: MeshFrame): MeshFile[] {
  const { id, mesh, label, simulation } = product;
  const name = meshFileName(id, format, frame);
  if (simulation === undefined) return [{ name, bytes: encodeMesh(product, format, frame), mesh, label }];
  const { patches } = simulation.report;
  const told = { text: `${label}, research use only`, frame };
  if (format === 'stl') {
    const separate = encodeSeparatePatches(simulation, patches, 'stl', told);
    return patches.map((patch) => ({
      name: meshFileName(`${id}-${patch.name}`, format, frame),
      bytes: separate.get(patch.name)!,
      mesh: submesh(mesh, (face) => simulation.patchOfFace[face] === patch.id).mesh,
      label: `${label}, ${patch.name}`,
    }));
  }
  const extension = PATCHED[format];
  const bytes = extension
    ? encodePatched(simulation, patches, extension, told)
    : encodeMesh(product, format, frame);
  return [{ name, bytes, mesh, label }];
}

/** Chances that are told apart by colour. */
const OFF_RANGE = [0, 0.5] as const;

const PATCHED: Readonly<Partial<Record<MeshFormat, PatchedExtension>>> = {
  'stl-ascii': 'stl',
  vtp: 'vtp',
  obj: 'obj',
  ply: 'ply',
};

function thicknessEnds(thicknessMm: Float32Array, askedMm: number): readonly [number, number] {
  const { leastMm, mostMm } = thicknessScale(thicknessMm, askedMm);
  return [leastMm, mostMm];
}

function encodeMesh(
  { mesh, label, isSolid, shell, askedThicknessMm = 1, offChances }: MeshProduct,
  format: MeshFormat,
  frame: MeshFrame,
): Uint8Array {
  const text = `${label}, research use only`;
  const thickness = shell?.thicknessMm;
  const [name, values, scale, range] = thickness
    ? (['thickness_mm', thickness, DIVERGING, thicknessEnds(thickness, askedThicknessMm)] as const)
    : (['chance_off_by_1_mm', offChances, SEQUENTIAL, OFF_RANGE] as const);
  const coloured = values && {
    name,
    values,
    rgb: coloursOf(
      values.map((value) => (Number.isNaN(value) ? 0 : value)),
      scale,
      range,
    ),
  };
  const encoders: Readonly<Record<MeshFormat, (mesh: TriangleMesh) => Uint8Array>> = {
    stl: (it) => encodeStl(it, text, frame),
    'stl-ascii': (it) => encodeStlAscii(it, text, frame),
    obj: (it) => encodeObj([{ name: label, mesh: it }], text, frame),
    ply: (it) => encodePly(it, text, undefined, frame, coloured),
    vtp: (it) => encodeVtp(it, text, frame, values && { ofVertices: { [name]: values } }),
    '3mf': (it) => encodeThreeMf(it, { name: label, text, frame, isSolid }),
    glb: (it) => encodeGlb(it, { name: label, text, frame }),
  };
  return encoders[format](mesh);
}
