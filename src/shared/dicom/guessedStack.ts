import type { ParsedFile, SliceHeader } from './sliceHeader.ts';
import { positionAlong, sliceNormal } from './stackGeometry.ts';

/** Of more files, or of a larger scan, headers alone are read at first. */
const MOST = { files: 800, fileBytes: 4 * 2 ** 20, bytes: 384 * 2 ** 20 };
/** Where in the order of the names files are looked at: at the ends other images lie. */
const LOOKED_AT = [0.25, 0.5, 0.75];

/** How files that may be slices are looked at; asking one for its size can take as long as reading it. */
export interface FileLook<File> {
  readonly sizeOf: (file: File) => number;
  readonly headerOf: (file: File) => Promise<ParsedFile> | ParsedFile;
}

/** A stack that files seem to be: where the slice of each file would lie. */
export interface GuessedStack {
  readonly voxelsPerPlane: number;
  /** The plane of each file. */
  readonly planes: readonly number[];
}

/**
 * Whether files look like the slices of one series, uncompressed: these can be decoded while their headers are read, each
 * to the plane that its name suggests. Which slices they are, and whether they belong together, is told by all headers
 * afterwards.
 */
export async function guessStack<File extends { readonly path: string }>(
  files: readonly File[],
  { sizeOf, headerOf }: FileLook<File>,
): Promise<GuessedStack | undefined> {
  if (files.length < LOOKED_AT.length || files.length > MOST.files) return undefined;
  const keys = files.map(({ path }) => numericKey(path));
  const order = files.map((_, index) => index).sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  const looked = LOOKED_AT.map((share) => files[order[Math.floor(share * files.length)]!]!);
  if (looked.some((file) => sizeOf(file) > MOST.fileBytes)) return undefined;
  const [first, ...others] = (await Promise.all(looked.map(headerOf))).map(nativeSlice);
  const last = others.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const voxelsPerPlane = voxelsOf(first);
  const bytes = Int16Array.BYTES_PER_ELEMENT * voxelsPerPlane * files.length;
  if (bytes > MOST.bytes || !others.every((other) => other && isLike(other, first))) return undefined;
  const normal = sliceNormal(first.plane);
  const isDescending = positionAlong(normal, { header: last }) < positionAlong(normal, { header: first });
  const planes = Array<number>(files.length);
  for (const [at, index] of order.entries()) planes[index] = isDescending ? files.length - 1 - at : at;
  return { voxelsPerPlane, planes };
}

/** Texts in whose order numbers are sorted by their values; loading a collator takes as long as parsing 50 headers. */
const numericKey = (path: string): string =>
  path.replace(/\d+/g, (digits) => digits.padStart(NUMBER_DIGITS, '0'));
const NUMBER_DIGITS = 12;

const voxelsOf = ({ plane }: SliceHeader): number => plane.rows * plane.columns;

/** The header of the one slice of a file, where it can be decoded to a plane of the stack. */
export function sliceOfStack(
  parsed: ParsedFile,
  { voxelsPerPlane }: Pick<GuessedStack, 'voxelsPerPlane'>,
): SliceHeader | undefined {
  const header = nativeSlice(parsed);
  return header && voxelsOf(header) === voxelsPerPlane ? header : undefined;
}

const isLike = (header: SliceHeader, other: SliceHeader): boolean =>
  voxelsOf(header) === voxelsOf(other) &&
  header.identity.seriesInstanceUid === other.identity.seriesInstanceUid;

/** The header of a file that holds one uncompressed slice. */
const nativeSlice = (parsed: ParsedFile): SliceHeader | undefined =>
  parsed.kind === 'slice' && parsed.header.storage.kind === 'native' ? parsed.header : undefined;
