import { mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { npyHeader } from '../arrays/numpy/npyHeader.ts';
import { writeNpz } from '../arrays/numpy/npz.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { systemCodeOf } from '../files/systemCode.ts';
import {
  CASE_FILES,
  type CaseDescription,
  type CaseSplit,
  imageFile,
  SPLIT_FILE,
  samplesFile,
} from './preparedCase.ts';

export type SamplePrecision = 'float32' | 'float64';

/** Points with their distances as they are computed, normalised. */
export interface SamplesToWrite {
  readonly points: Float64Array;
  readonly occupancies: Float64Array;
}

export interface DualFieldToWrite {
  readonly points: Float64Array;
  readonly signed: Float64Array;
  readonly unsigned: Float64Array;
}

/** A case that is being written. Nothing of it is seen before `commit`. Each method throws a UserError where it cannot write. */
export interface CaseWriter {
  /** An image whose slices come in order, as many at a time as suits; [z, y, x], x fastest. */
  image(
    resolution: number,
    type: 'int16' | 'float32',
    slabs: Iterable<Int16Array | Float32Array> | AsyncIterable<Int16Array | Float32Array>,
  ): Promise<void>;
  samples(category: string, samples: SamplesToWrite, precision: SamplePrecision): Promise<void>;
  dualField(samples: DualFieldToWrite, precision: SamplePrecision): Promise<void>;
  file(name: string, content: Uint8Array | string): Promise<void>;
  /** Lets the case appear whole, in place of an earlier one of ours. */
  commit(description: CaseDescription): Promise<void>;
  /** Leaves nothing behind; does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Begins a case within a folder, which is made where it is missing. What processes that were killed have left of this
 * case is removed.
 * @throws UserError where the folder cannot be written, or another program's case has the name
 */
export async function openCaseWriter(folder: string, name: string): Promise<CaseWriter> {
  const target = join(folder, name);
  const writing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw notWritten(name, thrown);
    }
  };
  const staging = await writing(async () => {
    await makeFolder(folder);
    await assertReplaceable(target, name);
    await removeAbandoned(folder, name);
    return await mkdtemp(join(folder, stagingPrefix(name, hostname(), process.pid)));
  });
  // Not the staging folder itself, which nobody else may read.
  const fresh = join(staging, 'case');
  await writing(() => mkdir(fresh));

  const file = (fileName: string, content: Uint8Array | string): Promise<void> =>
    writing(() => writeFile(join(fresh, fileName), content));
  return {
    file,
    image: (resolution, type, slabs) =>
      writeImage(join(fresh, imageFile(resolution)), resolution, type, slabs, name),
    async samples(category, { points, occupancies }, precision) {
      const shaped = shapedPoints(points, precision);
      const bytes = await writeNpz({
        points: shaped,
        grid_coords: shaped,
        occupancies: shapedValues(occupancies, precision),
      });
      await file(samplesFile(category), bytes);
    },
    async dualField({ points, signed, unsigned }, precision) {
      const bytes = await writeNpz({
        points: shapedPoints(points, precision),
        signed: shapedValues(signed, precision),
        unsigned: shapedValues(unsigned, precision),
      });
      await file(CASE_FILES.dualField, bytes);
    },
    async commit(description) {
      await file(CASE_FILES.description, `${JSON.stringify(description, null, 2)}\n`);
      await writing(async () => {
        // Moved away whole, so that a kill never leaves a part of it in its place.
        await rename(target, join(staging, 'earlier')).catch((thrown: unknown) => {
          if (systemCodeOf(thrown) !== 'ENOENT') throw thrown;
        });
        await rename(fresh, target);
        await rm(staging, { recursive: true, force: true });
      });
    },
    discard: () => rm(staging, { recursive: true, force: true }),
  };
}

async function writeImage(
  path: string,
  resolution: number,
  type: 'int16' | 'float32',
  slabs: Iterable<Int16Array | Float32Array> | AsyncIterable<Int16Array | Float32Array>,
  name: string,
): Promise<void> {
  const guard = (thrown: unknown): never => {
    throw notWritten(name, thrown);
  };
  const handle = await open(path, 'wx').catch(guard);
  let values = 0;
  try {
    const header = npyHeader(type === 'int16' ? 'i2' : 'f4', [resolution, resolution, resolution]);
    await handle.writeFile(header).catch(guard);
    for await (const slab of slabs) {
      const fits = type === 'int16' ? slab instanceof Int16Array : slab instanceof Float32Array;
      if (!fits) throw new TypeError(`Slices of ${type} are needed.`);
      values += slab.length;
      // writeFile writes all of it, at the file's position.
      await handle.writeFile(new Uint8Array(slab.buffer, slab.byteOffset, slab.byteLength)).catch(guard);
    }
  } finally {
    await handle.close();
  }
  if (values !== resolution ** 3)
    throw new RangeError(`${values} values do not fill a cube of ${resolution}.`);
}

const inPrecision = (values: Float64Array, precision: SamplePrecision): Float32Array | Float64Array =>
  precision === 'float64' ? values : new Float32Array(values);

const shapedPoints = (points: Float64Array, precision: SamplePrecision) => ({
  data: inPrecision(points, precision),
  shape: [points.length / 3, 3],
});

const shapedValues = (values: Float64Array, precision: SamplePrecision) => ({
  data: inPrecision(values, precision),
  shape: [values.length],
});

/** Writes the split file; it appears whole. @throws UserError where it cannot be written */
export async function writeSplit(folder: string, { train, val, test }: CaseSplit): Promise<void> {
  const bytes = await writeNpz({ train, val, test });
  const fresh = join(folder, `.${SPLIT_FILE}-${process.pid}`);
  try {
    await writeFile(fresh, bytes);
    await rename(fresh, join(folder, SPLIT_FILE));
  } catch (thrown) {
    await rm(fresh, { force: true });
    throw notWritten(SPLIT_FILE, thrown);
  }
}

/** `.CASE.prepare-HOST-PID-…`: the process that writes is in the name, so that what it left can be told when it is gone. */
const stagingPrefix = (name: string, host: string, pid: number): string =>
  `.${name}.prepare-${host.replaceAll(/[^A-Za-z0-9]/g, '')}-${pid}-`;

/** Removes the unfinished folders of a case that no living process of this machine is writing. */
async function removeAbandoned(folder: string, name: string): Promise<void> {
  const start = stagingPrefix(name, hostname(), 0).slice(0, -'0-'.length);
  for (const entry of await readdir(folder)) {
    if (!entry.startsWith(start)) continue;
    const pid = Number(/^\d+/.exec(entry.slice(start.length))?.[0]);
    if (pid !== process.pid && !isAlive(pid)) await rm(join(folder, entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 asks only whether the process is there.
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return systemCodeOf(thrown) === 'EPERM';
  }
}

/** Folders without `case.json` are somebody else's and stay as they are. */
async function assertReplaceable(target: string, name: string): Promise<void> {
  const isThere = async (path: string): Promise<boolean> =>
    (await stat(path).catch(() => undefined)) !== undefined;
  if ((await isThere(target)) && !(await isThere(join(target, CASE_FILES.description)))) {
    throw new UserError(failure('preparation.name-taken', { name }));
  }
}

function notWritten(name: string, thrown: unknown): unknown {
  if (thrown instanceof UserError) return thrown;
  const systemCode = systemCodeOf(thrown);
  if (systemCode === undefined) return thrown;
  const why =
    systemCode === 'ENOSPC' || systemCode === 'EDQUOT'
      ? failure('preparation.disk-full', { name })
      : failure('preparation.not-written', { name, systemCode });
  return new UserError(why, { cause: thrown });
}
