import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type NpyArray, readNpy } from '../arrays/numpy/npy.ts';
import { type Npz, openNpz } from '../arrays/numpy/npz.ts';
import { systemCodeOf } from '../files/systemCode.ts';
import {
  CASE_FILES,
  type CaseDescription,
  type CaseSplit,
  caseDescriptionSchema,
  type DualFieldSamples,
  imageFile,
  type PreparedImage,
  type PreparedSamples,
  type SamplingCategory,
  samplesFile,
} from './preparedCase.ts';

/** The cases of a folder by name, sorted: what holds an image or points, whoever made it. @throws UserError */
export async function listPreparedCases(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
    throw new UserError(failure('preparation.folder-unreadable', { folder: basename(resolve(folder)) }), {
      cause: thrown,
    });
  });
  const cases: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.') || !(entry.isDirectory() || entry.isSymbolicLink())) continue;
    const names = await readdir(join(folder, entry.name)).catch(() => []);
    if (names.some((name) => /^(imageinput_\d+\.npy|boundary_.+_samples\.npz)$/.test(name)))
      cases.push(entry.name);
  }
  return cases.sort();
}

/**
 * What `case.json` says; undefined where there is none, as in folders that another program made.
 * @throws UserError where it is damaged
 */
export async function readCaseDescription(caseFolder: string): Promise<CaseDescription | undefined> {
  const name = nameOf(caseFolder, CASE_FILES.description);
  let text: string;
  try {
    text = await readFile(join(caseFolder, CASE_FILES.description), 'utf8');
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(thrown) ?? '')) return undefined;
    throw new UserError(failure('files.unreadable', { fileName: name }), { cause: thrown });
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new UserError(failure('preparation.description-damaged', { name }));
  }
  const parsed = caseDescriptionSchema.safeParse(raw);
  if (!parsed.success) throw new UserError(failure('preparation.description-damaged', { name }));
  return parsed.data;
}

/** The cube's image at a resolution. @throws UserError where it is missing, damaged or no such cube */
export async function readPreparedImage(caseFolder: string, resolution: number): Promise<PreparedImage> {
  const name = nameOf(caseFolder, imageFile(resolution));
  const { data, shape } = readNpy(await fileBytes(caseFolder, imageFile(resolution)), name);
  if (shape.length !== 3 || shape.some((length) => length !== resolution)) {
    throw new UserError(
      failure('preparation.shape', { name, shape: shapeText(shape), wanted: cube(resolution) }),
    );
  }
  return {
    resolution,
    valuesHu: data instanceof Int16Array || data instanceof Float32Array ? data : inFloat32(data),
  };
}

/** The points of a sampling category. @throws UserError where the file is missing or damaged, or its arrays disagree */
export async function readPreparedSamples(
  caseFolder: string,
  category: SamplingCategory | (string & {}),
): Promise<PreparedSamples> {
  const { npz, name } = await archive(caseFolder, samplesFile(category));
  const points = await pointArray(npz, name, 'points');
  const occupancies = await valueArray(npz, name, 'occupancies', points.length / 3);
  const gridCoords = npz.names.includes('grid_coords') ? await pointArray(npz, name, 'grid_coords') : points;
  if (gridCoords.length !== points.length) {
    throw new UserError(
      failure('preparation.counts-differ', {
        name,
        array: 'grid_coords',
        found: gridCoords.length / 3,
        points: points.length / 3,
      }),
    );
  }
  return { count: points.length / 3, points, gridCoords, occupancies };
}

/** Points with both fields' truth, which only folders of ours hold. @throws UserError as {@link readPreparedSamples} */
export async function readDualFieldSamples(caseFolder: string): Promise<DualFieldSamples> {
  const { npz, name } = await archive(caseFolder, CASE_FILES.dualField);
  const points = await pointArray(npz, name, 'points');
  const count = points.length / 3;
  return {
    count,
    points,
    signed: await valueArray(npz, name, 'signed', count),
    unsigned: await valueArray(npz, name, 'unsigned', count),
  };
}

/**
 * Reads a split file of ours or another program's.
 * @throws UserError where it is missing, damaged, or names what is not within the folder
 */
export async function readSplit(file: string): Promise<CaseSplit> {
  const name = basename(file);
  const npz = await openNpz(await bytesOf(file, name), name);
  const cases = async (part: string): Promise<string[]> =>
    (await npz.text(part)).map((text) => {
      // Other programs write "/class/case" as well.
      const relative = text
        .replaceAll('\\', '/')
        .replace(/^(?:\.?\/)+/, '')
        .replace(/\/+$/, '');
      if (relative === '' || relative.split('/').includes('..')) {
        throw new UserError(failure('preparation.split-name', { name, caseName: text }));
      }
      return relative;
    });
  return { train: await cases('train'), val: await cases('val'), test: await cases('test') };
}

/** A file's name with its case's, for messages. */
const nameOf = (caseFolder: string, file: string): string => `${basename(resolve(caseFolder))}/${file}`;

const fileBytes = (caseFolder: string, file: string): Promise<Uint8Array> =>
  bytesOf(join(caseFolder, file), nameOf(caseFolder, file));

async function bytesOf(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    const isMissing = systemCodeOf(thrown) === 'ENOENT';
    const why = isMissing
      ? failure('preparation.file-missing', { name })
      : failure('files.unreadable', { fileName: name });
    throw new UserError(why, { cause: thrown });
  }
}

async function archive(caseFolder: string, file: string): Promise<{ npz: Npz; name: string }> {
  const name = nameOf(caseFolder, file);
  return { npz: await openNpz(await fileBytes(caseFolder, file), name), name };
}

async function pointArray(npz: Npz, name: string, array: string): Promise<Float32Array> {
  const { data, shape } = await npz.array(array);
  if (shape.length !== 2 || shape[1] !== 3) {
    throw new UserError(
      failure('preparation.shape', { name: `${name}: ${array}`, shape: shapeText(shape), wanted: 'N × 3' }),
    );
  }
  return finite(inFloat32(data), `${name}: ${array}`);
}

/** One value for each point; a second axis of length 1 is as good. */
async function valueArray(npz: Npz, name: string, array: string, count: number): Promise<Float32Array> {
  const { data, shape } = await npz.array(array);
  if (!(shape.length === 1 || (shape.length === 2 && shape[1] === 1))) {
    throw new UserError(
      failure('preparation.shape', { name: `${name}: ${array}`, shape: shapeText(shape), wanted: 'N' }),
    );
  }
  if (data.length !== count) {
    throw new UserError(
      failure('preparation.counts-differ', { name, array, found: data.length, points: count }),
    );
  }
  return finite(inFloat32(data), `${name}: ${array}`);
}

const inFloat32 = (data: NpyArray['data']): Float32Array => {
  if (data instanceof Float32Array) return data;
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float32Array.from(data, Number)
    : new Float32Array(data);
};

function finite(values: Float32Array, name: string): Float32Array {
  if (!values.every(Number.isFinite)) throw new UserError(failure('preparation.not-finite', { name }));
  return values;
}

const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? 'one value' : shape.join(' × ');
const cube = (resolution: number): string => `${resolution} × ${resolution} × ${resolution}`;
