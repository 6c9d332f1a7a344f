import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { readNpy } from '../arrays/numpy/npy.ts';
import { openNpz } from '../arrays/numpy/npz.ts';
import { decodePlyPoints } from './ply.ts';

/** What a file's name must end in to be read as a cloud. */
export const CLOUD_EXTENSIONS = ['txt', 'xyz', 'csv', 'ply', 'npy', 'npz'] as const;

/**
 * Reads the points of a cloud: text with three numbers in a line (blanks, commas or semicolons between, more columns are passed over),
 * PLY, NumPy's arrays of N × 3 (in an archive the array `points`, else the first).
 * @returns 3·N coordinates as they are in the file
 * @throws UserError where the file is of another format, damaged, or holds no points
 */
export async function readPointCloud(bytes: Uint8Array, fileName: string): Promise<Float32Array> {
  const points = await rawPoints(bytes, fileName);
  if (points.length < 3) throw new UserError(failure('files.cloud-empty', { fileName }));
  if (!points.every(Number.isFinite)) throw new UserError(failure('files.cloud-damaged', { fileName }));
  return points;
}

async function rawPoints(bytes: Uint8Array, fileName: string): Promise<Float32Array> {
  switch (/\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase()) {
    case 'txt':
    case 'xyz':
    case 'csv':
      return textPoints(new TextDecoder().decode(bytes), fileName);
    case 'ply':
      return decodePlyPoints(bytes);
    case 'npy':
      return arrayPoints(readNpy(bytes, fileName), fileName);
    case 'npz': {
      const npz = await openNpz(bytes, fileName);
      const name = npz.names.includes('points') ? 'points' : npz.names[0];
      if (name === undefined) throw new UserError(failure('files.cloud-empty', { fileName }));
      return arrayPoints(await npz.array(name), fileName);
    }
    default:
      throw new UserError(
        failure('files.cloud-unknown', { fileName, extensions: CLOUD_EXTENSIONS.join(', ') }),
      );
  }
}

function arrayPoints(
  { data, shape }: { readonly data: Iterable<number | bigint>; readonly shape: readonly number[] },
  fileName: string,
): Float32Array {
  if (shape.length !== 2 || shape[1] !== 3) throw new UserError(failure('files.cloud-damaged', { fileName }));
  return Float32Array.from(data, Number);
}

function textPoints(text: string, fileName: string): Float32Array {
  const points: number[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(/[\s,;]+/).filter((field) => field !== '');
    const numbers = fields.map(Number);
    // A first line of names, or a remark.
    if (
      fields.length === 0 ||
      fields[0]!.startsWith('#') ||
      (points.length === 0 && Number.isNaN(numbers[0]))
    )
      continue;
    if (numbers.length < 3) throw new UserError(failure('files.cloud-damaged', { fileName }));
    points.push(numbers[0]!, numbers[1]!, numbers[2]!);
  }
  return Float32Array.from(points);
}

/** Coordinates as text, one point in a line, as the NUDF paper's programs write them. */
export function encodeCloudText(points: Float32Array, digits = 6): string {
  const lines: string[] = [];
  for (let at = 0; at < points.length; at += 3) {
    lines.push(
      `${points[at]!.toFixed(digits)} ${points[at + 1]!.toFixed(digits)} ${points[at + 2]!.toFixed(digits)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
