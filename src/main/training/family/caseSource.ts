import { join } from 'node:path';
import type { JobOptions } from '#shared/progress.ts';
import { readPreparedImage, readPreparedSamples } from '../../preparation/readPreparedCase.ts';
import { cachedCases, owned } from '../epochs/cachedCases.ts';
import type { ImageHu } from './familyTrainer.ts';

/** What training needs of a case. */
export interface TrainingCase {
  /** size³ raw HU, x fastest. */
  readonly imageHu: ImageHu;
  /**
   * By sampling category, 4·N: a place's x, y, z in the image and its unsigned distance, normalised; side by side, for
   * they are drawn at random and each draw waits for the memory.
   */
  readonly samples: readonly Float32Array[];
}

export interface CaseSource {
  read(name: string, job?: JobOptions): Promise<TrainingCase>;
}

/** A case to be read, of a prepared folder. */
export interface FamilyCaseRequest {
  readonly folder: string;
  readonly name: string;
  readonly resolution: number;
  readonly categories: readonly string[];
}

/** Reads a case, in this thread or another. */
export type ReadFamilyCase = (request: FamilyCaseRequest, job?: JobOptions) => Promise<TrainingCase>;

const bytesOf = ({ imageHu, samples }: TrainingCase): number =>
  samples.reduce((sum, { byteLength }) => sum + byteLength, imageHu.byteLength);

/** Places 3·N and distances N as one array, 4·N. */
export function joinedSamples(places: ArrayLike<number>, distances: ArrayLike<number>): Float32Array {
  const joined = new Float32Array(4 * distances.length);
  for (let n = 0; n < distances.length; n++) {
    for (let axis = 0; axis < 3; axis++) joined[4 * n + axis] = places[3 * n + axis]!;
    joined[4 * n + 3] = distances[n]!;
  }
  return joined;
}

/** Reads a case of a prepared folder. @throws UserError where it is broken */
export async function readFamilyCase({
  folder,
  name,
  resolution,
  categories,
}: FamilyCaseRequest): Promise<TrainingCase> {
  const path = join(folder, name);
  const { valuesHu } = await readPreparedImage(path, resolution);
  const samples = [];
  for (const category of categories) {
    const { gridCoords, occupancies } = await readPreparedSamples(path, category);
    samples.push(joinedSamples(gridCoords, occupancies));
  }
  return { imageHu: owned(valuesHu), samples };
}

/** Cases of a prepared folder, kept in memory as far as there is room. */
export function preparedCaseSource(
  cases: Omit<FamilyCaseRequest, 'name'>,
  readCase: ReadFamilyCase = readFamilyCase,
): CaseSource {
  return { read: cachedCases((name, job) => readCase({ ...cases, name }, job), bytesOf) };
}
