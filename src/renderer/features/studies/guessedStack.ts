import { readFileHeader } from '#shared/dicom/readFileHeader.ts';
import type { SliceHeader } from '#shared/dicom/sliceHeader.ts';
import { positionAlong, sliceNormal } from '#shared/dicom/stackGeometry.ts';
import { baseName, type SharedPlanes } from '../../workers/studyTasks.ts';
import type { OpenedFile } from './types.ts';

/** Of more files, or of a larger scan, headers alone are read at first. */
const MOST = { files: 800, fileBytes: 4 * 2 ** 20, bytes: 384 * 2 ** 20 };
/** Where in the order of the names files are looked at: at the ends other images lie. */
const LOOKED_AT = [0.25, 0.5, 0.75];

/**
 * Memory for files that look like the slices of one series, uncompressed: these are decoded into it while their headers
 * are read, each to the plane that its name suggests. Which slices they are, and whether they belong together, is told
 * by all headers afterwards.
 */
export async function guessStack(files: readonly OpenedFile[]): Promise<SharedPlanes | undefined> {
  if (files.length < LOOKED_AT.length || files.length > MOST.files) return undefined;
  const names = new Intl.Collator('en', { numeric: true });
  const order = files.map((_, index) => index).sort((a, b) => names.compare(files[a]!.path, files[b]!.path));
  const looked = LOOKED_AT.map((share) => files[order[Math.floor(share * files.length)]!]!);
  const [first, ...others] = await Promise.all(looked.map(headerOfSlice));
  const last = others.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const voxelsPerPlane = voxelsOf(first);
  const bytes = Int16Array.BYTES_PER_ELEMENT * voxelsPerPlane * files.length;
  if (bytes > MOST.bytes || !others.every((other) => other && isLike(other, first))) return undefined;
  const normal = sliceNormal(first.plane);
  const isDescending = positionAlong(normal, { header: last }) < positionAlong(normal, { header: first });
  const planes = Array<number>(files.length);
  for (const [at, index] of order.entries()) planes[index] = isDescending ? files.length - 1 - at : at;
  try {
    return { data: new Int16Array(new SharedArrayBuffer(bytes)), voxelsPerPlane, planes };
  } catch {
    return undefined;
  }
}

const voxelsOf = ({ plane }: SliceHeader): number => plane.rows * plane.columns;

const isLike = (header: SliceHeader, other: SliceHeader): boolean =>
  voxelsOf(header) === voxelsOf(other) &&
  header.identity.seriesInstanceUid === other.identity.seriesInstanceUid;

/** The header of a file that holds one uncompressed slice. */
async function headerOfSlice({ path, blob }: OpenedFile): Promise<SliceHeader | undefined> {
  if (!(blob instanceof Blob) || blob.size > MOST.fileBytes) return undefined;
  const parsed = await readFileHeader({
    name: baseName(path),
    size: blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  });
  return parsed.kind === 'slice' && parsed.header.storage.kind === 'native' ? parsed.header : undefined;
}
