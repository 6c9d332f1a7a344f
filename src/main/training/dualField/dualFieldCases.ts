import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { CASE_FILES, type DualFieldSamples, UNIT_MM } from '../../preparation/preparedCase.ts';
import { readDualFieldSamples, readPreparedImage } from '../../preparation/readPreparedCase.ts';
import { cachedCases, owned } from '../epochs/cachedCases.ts';
import type { ImageHu } from '../family/familyTrainer.ts';

/** What the dual-field network's training needs of a case. */
export interface DualFieldCase {
  /** size³ raw HU, x fastest. */
  readonly imageHu: ImageHu;
  /** 3·N, normalised. */
  readonly pointsNormalized: Float32Array;
  /** 2·N: signed distance to the closed lumen, unsigned distance to the open wall, mm. */
  readonly distancesMm: Float32Array;
}

export type DualFieldSource = (name: string, job?: JobOptions) => Promise<DualFieldCase>;

/** A case to be read, of a prepared folder. */
export interface DualFieldCaseRequest {
  readonly folder: string;
  readonly name: string;
  readonly resolution: number;
}

/** Reads a case, in this thread or another. */
export type ReadDualFieldCase = (request: DualFieldCaseRequest, job?: JobOptions) => Promise<DualFieldCase>;

const inMm = ({ count, signed, unsigned }: DualFieldSamples): Float32Array => {
  const distances = new Float32Array(2 * count);
  for (let n = 0; n < count; n++) {
    distances[2 * n] = signed[n]! * UNIT_MM;
    distances[2 * n + 1] = unsigned[n]! * UNIT_MM;
  }
  return distances;
};

/** Folders of the paper's programs know the unsigned distance alone. */
async function assertKnowsBothFields(path: string): Promise<void> {
  await access(join(path, CASE_FILES.dualField)).catch((thrown: unknown) => {
    throw new UserError(failure('training.no-dual-field', { name: basename(path) }), { cause: thrown });
  });
}

/** Reads a case of a prepared folder. @throws UserError where it is broken or knows one distance alone */
export async function readDualFieldCase({
  folder,
  name,
  resolution,
}: DualFieldCaseRequest): Promise<DualFieldCase> {
  const path = join(folder, name);
  const { valuesHu } = await readPreparedImage(path, resolution);
  await assertKnowsBothFields(path);
  const samples = await readDualFieldSamples(path);
  if (samples.count === 0) throw new UserError(failure('training.points-empty', { name }));
  return {
    imageHu: owned(valuesHu),
    pointsNormalized: owned(samples.points),
    distancesMm: inMm(samples),
  };
}

const bytesOf = ({ imageHu, pointsNormalized, distancesMm }: DualFieldCase): number =>
  imageHu.byteLength + pointsNormalized.byteLength + distancesMm.byteLength;

/** Cases of a prepared folder with the truth of both fields, kept in memory as far as there is room. */
export const dualFieldCases = (
  cases: Omit<DualFieldCaseRequest, 'name'>,
  readCase: ReadDualFieldCase = readDualFieldCase,
): DualFieldSource => cachedCases((name, job) => readCase({ ...cases, name }, job), bytesOf);
