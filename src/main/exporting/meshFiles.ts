import type { MESH_FORMATS } from '#shared/contract/services/exporting.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { encodeGlb } from '../interchange/glb.ts';
import type { MeshFrame } from '../interchange/meshFrame.ts';
import { encodeObj } from '../interchange/obj.ts';
import { encodePly } from '../interchange/ply.ts';
import { encodeStl, encodeStlAscii } from '../interchange/stl.ts';
import { encodeThreeMf } from '../interchange/threeMf.ts';
import { encodeVtp } from '../interchange/vtp.ts';
import type { MeshProduct } from './meshProducts.ts';

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

export function meshFileName(product: string, format: MeshFormat, frame: MeshFrame): string {
  const [before, last] = EXTENSIONS[format];
  return `laa-${product}${before}${frame === 'RAS' ? '.ras' : ''}${last}`;
}

/** What a reader must know of a format's own axes. */
export const formatAxes = (format: MeshFormat): string | undefined =>
  format === 'glb'
    ? 'The vertices are in frame and unit; the node’s rotation and scale turn them to glTF’s metres, y up (superior), +z anterior, +x left.'
    : undefined;

/** The product as a file's bytes; no patient data. */
export function encodeMesh(
  { mesh, label, isSolid }: MeshProduct,
  format: MeshFormat,
  frame: MeshFrame,
): Uint8Array {
  const text = `${label}, research use only`;
  const encoders: Readonly<Record<MeshFormat, (mesh: TriangleMesh) => Uint8Array>> = {
    stl: (it) => encodeStl(it, text, frame),
    'stl-ascii': (it) => encodeStlAscii(it, text, frame),
    obj: (it) => encodeObj([{ name: label, mesh: it }], text, frame),
    ply: (it) => encodePly(it, text, undefined, frame),
    vtp: (it) => encodeVtp(it, text, frame),
    '3mf': (it) => encodeThreeMf(it, { name: label, text, frame, isSolid }),
    glb: (it) => encodeGlb(it, { name: label, text, frame }),
  };
  return encoders[format](mesh);
}
