import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import {
  frameNamedIn,
  frameText,
  type MeshFrame,
  positionsFromFrame,
  positionsInFrame,
} from './meshFrame.ts';
import { shortest } from './stl.ts';
import { escapeXml } from './xmlText.ts';

const CORE = 'http://schemas.microsoft.com/3dmanufacturing/core/2015/02';
/** The namespace of the metadata that the core specification does not know. */
const OWN = 'urn:auricle:3mf:metadata';
const MODEL_PATH = '3D/3dmodel.model';

const CONTENT_TYPES = `<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
</Types>
`;

const RELATIONSHIPS = `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Target="/${MODEL_PATH}" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
</Relationships>
`;

export interface ThreeMfOptions {
  readonly name: string;
  readonly text?: string;
  readonly frame?: MeshFrame;
  /** Whether the mesh encloses a solid. An open one is written as "surface", which printers may refuse but not repair without a message. */
  readonly isSolid: boolean;
}

/**
 * A mesh as 3MF (3MF Core Specification 1.3): one object, unit millimetre, patient coordinates as they are (no
 * transform), frame and description as metadata. The same mesh makes the same bytes.
 */
export function encodeThreeMf(mesh: TriangleMesh, options: ThreeMfOptions): Uint8Array {
  const { name, text = '', frame = 'LPS', isSolid } = options;
  const p = positionsInFrame(mesh, frame);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<model unit="millimeter" xml:lang="en-US" xmlns="${CORE}" xmlns:auricle="${OWN}">`,
    `<metadata name="Title">${escapeXml(name)}</metadata>`,
    `<metadata name="Description">${escapeXml(`${frameText(frame)} ${text}`.trim())}</metadata>`,
    '<metadata name="Application">Auricle</metadata>',
    `<metadata name="auricle:frame" type="xs:string">${frame}</metadata>`,
    '<resources>',
    `<object id="1" type="${isSolid ? 'model' : 'surface'}" name="${escapeXml(name)}"><mesh>`,
    '<vertices>',
  ];
  for (let at = 0; at < p.length; at += 3) {
    lines.push(`<vertex x="${shortest(p[at]!)}" y="${shortest(p[at + 1]!)}" z="${shortest(p[at + 2]!)}"/>`);
  }
  lines.push('</vertices>', '<triangles>');
  const t = mesh.triangles;
  for (let at = 0; at < t.length; at += 3) {
    lines.push(`<triangle v1="${t[at]}" v2="${t[at + 1]}" v3="${t[at + 2]}"/>`);
  }
  lines.push('</triangles>', '</mesh></object>', '</resources>');
  lines.push('<build><item objectid="1"/></build>', '</model>', '');
  const files: Zippable = {
    '[Content_Types].xml': strToU8(CONTENT_TYPES),
    '_rels/.rels': strToU8(RELATIONSHIPS),
    [MODEL_PATH]: strToU8(lines.join('\n')),
  };
  // ZIP's epoch, in the zone's own time as fflate reads it: no clock gets into the file.
  return zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) });
}

/** The largest model part that is read, bytes: a small file could claim to unpack to any size. */
const MODEL_LIMIT_BYTES = 1 << 29;

/**
 * Reads the one mesh of a 3MF file as {@link encodeThreeMf} writes it, turned to LPS.
 * @throws UserError for anything else.
 */
export function decodeThreeMf(bytes: Uint8Array): TriangleMesh {
  let model: string;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => name === MODEL_PATH && originalSize < MODEL_LIMIT_BYTES,
    });
    model = strFromU8(files[MODEL_PATH] ?? new Uint8Array(0));
  } catch {
    throw new UserError(failure('files.not-3mf'));
  }
  if (!/<model[^>]*unit="millimeter"/.test(model)) {
    throw new UserError(failure('files.3mf-unit'));
  }
  const numbers = (pattern: RegExp): number[] =>
    [...model.matchAll(pattern)].flatMap((match) => [Number(match[1]), Number(match[2]), Number(match[3])]);
  const positions = Float32Array.from(numbers(/<vertex x="([^"]+)" y="([^"]+)" z="([^"]+)"/g));
  const triangles = numbers(/<triangle v1="(\d+)" v2="(\d+)" v3="(\d+)"/g);
  if (positions.some((value) => !Number.isFinite(value)) || triangles.length === 0) {
    throw new UserError(failure('files.3mf-mesh'));
  }
  if (triangles.some((vertex) => 3 * vertex >= positions.length)) {
    throw new UserError(failure('files.3mf-vertex'));
  }
  const frame = frameNamedIn(/name="auricle:frame"[^>]*>([^<]*)</.exec(model)?.[1] ?? '') ?? 'LPS';
  return { positionsLpsMm: positionsFromFrame(positions, frame), triangles: Uint32Array.from(triangles) };
}
