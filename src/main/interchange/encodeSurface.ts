import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { encodeGlb } from './glb.ts';
import type { MeshFrame } from './meshFrame.ts';
import { encodeObj } from './obj.ts';
import { encodePly } from './ply.ts';
import { encodeStl } from './stl.ts';
import { encodeThreeMf } from './threeMf.ts';
import { encodeVtp } from './vtp.ts';

interface Labelled {
  /** Short: "open wall". */
  readonly label: string;
  readonly isSolid: boolean;
  readonly frame?: MeshFrame;
}

type Encoder = (mesh: TriangleMesh, text: string, frame: MeshFrame, labelled: Labelled) => Uint8Array;

/** By what a file's name ends in. */
const ENCODERS: Readonly<Record<string, Encoder>> = {
  stl: (mesh, text, frame) => encodeStl(mesh, text, frame),
  obj: (mesh, text, frame, { label }) => encodeObj([{ name: label, mesh }], text, frame),
  ply: (mesh, text, frame) => encodePly(mesh, text, undefined, frame),
  vtp: (mesh, text, frame) => encodeVtp(mesh, text, frame),
  '3mf': (mesh, text, frame, { label, isSolid }) =>
    encodeThreeMf(mesh, { name: label, text, frame, isSolid }),
  glb: (mesh, text, frame, { label }) => encodeGlb(mesh, { name: label, text, frame }),
};

const extensionOf = (fileName: string): string => /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';

/** @throws UserError where a file's name ends in no format that is written */
export function assertSurfaceFormat(fileName: string): void {
  if (Object.hasOwn(ENCODERS, extensionOf(fileName))) return;
  const extensions = Object.keys(ENCODERS).join(', ');
  throw new UserError(failure('files.surface-not-written', { fileName, extensions }));
}

/** A surface as a file's bytes, in the format that the file's name ends in. @throws UserError for any other */
export function encodeSurface(mesh: TriangleMesh, fileName: string, labelled: Labelled): Uint8Array {
  assertSurfaceFormat(fileName);
  const text = `${labelled.label}, research use only`;
  return ENCODERS[extensionOf(fileName)]!(mesh, text, labelled.frame ?? 'LPS', labelled);
}
