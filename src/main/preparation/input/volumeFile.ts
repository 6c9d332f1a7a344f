import { resolve } from 'node:path';
import process from 'node:process';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { readFileRange } from '../../studies/dicomFiles.ts';
import { refuseCutNifti } from './niftiLength.ts';

/** Numbers of any type, as ITK gives them. */
export type VolumeValues = ArrayLike<number>;

export interface FileVolume {
  readonly grid: GridLps;
  /** i fastest. */
  readonly values: VolumeValues;
}

const FORMATS = { nifti: /\.nii(\.gz)?$/i, nrrd: /\.(nrrd|nhdr)$/i, meta: /\.(mha|mhd)$/i } as const;

export const isVolumeFile = (fileName: string): boolean =>
  Object.values(FORMATS).some((pattern) => pattern.test(fileName));

/** Fields of an NRRD header beyond this many bytes are of other programs. */
const MOST_HEADER_BYTES = 64 * 1024;

/** Axes whose cosines are further than this from perpendicular are a shear, which no grid of ours has. */
const MOST_SKEW = 1e-3;

/**
 * Reads a NIfTI, NRRD or MetaImage with ITK, which turns its axes to LPS and applies its rescale. Scalars of three axes
 * only.
 * @param path with the file's own extension
 * @param name the file's base name, for messages
 * @throws UserError where ITK cannot read it, or it is no volume of scalars on a grid
 */
export async function readVolumeFile(path: string, name: string): Promise<FileVolume> {
  if (FORMATS.nifti.test(name)) await refuseCutNifti(path, name);
  if (FORMATS.nrrd.test(name)) await refuseBzip2(path, name);
  const image = await readWithItk(path, name);
  const { imageType, size, spacing, origin, direction, data } = image;
  const unusable = (): UserError => new UserError(failure('preparation.not-a-volume', { name }));
  // A fourth axis of one time is no more than three axes.
  const isSolid = size.length >= 3 && size.slice(3).every((length) => length === 1);
  if (imageType.components !== 1 || !isSolid || !(data && typeof data === 'object' && 'length' in data)) {
    throw unusable();
  }
  const dimension = size.length;
  const column = (axis: number): Vec3 => perAxis((row) => direction[row * dimension + axis]!);
  const grid: GridLps = {
    sizeIjk: perAxis((axis) => size[axis]!),
    spacingMm: perAxis((axis) => spacing[axis]!),
    originLpsMm: perAxis((axis) => origin[axis]!),
    directions: [unit(column(0)), unit(column(1)), unit(column(2))],
  };
  if (!isOrthogonal(grid) || !grid.spacingMm.every((mm) => mm > 0 && Number.isFinite(mm))) throw unusable();
  const values = isBigIntArray(data) ? Float64Array.from(data, Number) : data;
  if (values.length !== voxelCount(grid)) throw unusable();
  return { grid, values };
}

/** ITK's program is built without bzip2, and would call such a file damaged. */
async function refuseBzip2(path: string, name: string): Promise<void> {
  const start = await readFileRange(path, 0, MOST_HEADER_BYTES).catch(() => new Uint8Array());
  const [header] = Buffer.from(start)
    .toString('latin1')
    .split(/\r?\n\r?\n/, 1);
  if (/^encoding:\s*(?:bzip2|bz2)\s*$/im.test(header!))
    throw new UserError(failure('preparation.nrrd-bzip2', { name }));
}

const isBigIntArray = (data: object): data is BigInt64Array | BigUint64Array =>
  data instanceof BigInt64Array || data instanceof BigUint64Array;

const unit = (vector: Vec3): Vec3 => {
  const norm = Math.hypot(...vector);
  return [vector[0] / norm, vector[1] / norm, vector[2] / norm];
};

function isOrthogonal({ directions }: GridLps): boolean {
  const dot = (a: Vec3, b: Vec3): number => Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
  const [i, j, k] = directions;
  // NaN fails the comparison, too.
  return dot(i, j) < MOST_SKEW && dot(j, k) < MOST_SKEW && dot(k, i) < MOST_SKEW;
}

/** The parts of itk-wasm's image that are used. */
interface ItkImage {
  readonly imageType: { readonly components: number };
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly direction: ArrayLike<number>;
  readonly data: VolumeValues | BigInt64Array | BigUint64Array | null;
}

async function readWithItk(path: string, name: string): Promise<ItkImage> {
  const unreadable = (): UserError => new UserError(failure('preparation.volume-unreadable', { name }));
  // ITK's programs set the exit code of the process that they run in, which is ours.
  const { exitCode } = process;
  const restore = silenceConsole();
  try {
    // Loaded only where it is needed; each program is started for its own format alone.
    const { metaReadImageNode, niftiReadImageNode, nrrdReadImageNode } = await import('@itk-wasm/image-io');
    const read = FORMATS.nifti.test(name)
      ? niftiReadImageNode
      : FORMATS.nrrd.test(name)
        ? nrrdReadImageNode
        : metaReadImageNode;
    // itk-wasm finds no file by a bare name.
    const { couldRead, image } = await read(resolve(path));
    if (!couldRead || !image) throw unreadable();
    return image as ItkImage;
  } catch {
    throw unreadable();
  } finally {
    restore();
    process.exitCode = exitCode;
  }
}

/** ITK's runner prints what it throws, also where the program's output is to be JSON. */
function silenceConsole(): () => void {
  const { log, error } = console;
  const ignore = (): void => {};
  console.log = ignore;
  console.error = ignore;
  return () => Object.assign(console, { log, error });
}
