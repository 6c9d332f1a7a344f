import { join } from 'node:path';
import { readPreparedImage, readPreparedSamples } from '../../preparation/readPreparedCase.ts';
import { cachedCases } from '../epochs/cachedCases.ts';
import type { ImageHu } from './familyTrainer.ts';

/** What training needs of a case. */
export interface TrainingCase {
  /** size³ raw HU, x fastest. */
  readonly imageHu: ImageHu;
  /** By sampling category: places in the image, 3·N, and unsigned distances, N; normalised. */
  readonly samples: readonly { readonly places: Float32Array; readonly distances: Float32Array }[];
}

export interface CaseSource {
  read(name: string): Promise<TrainingCase>;
}

const bytesOf = ({ imageHu, samples }: TrainingCase): number =>
  samples.reduce(
    (sum, { places, distances }) => sum + places.byteLength + distances.byteLength,
    imageHu.byteLength,
  );

/** Cases of a prepared folder, kept in memory as far as there is room. */
export function preparedCaseSource(
  folder: string,
  resolution: number,
  categories: readonly string[],
  cacheBytes?: number,
): CaseSource {
  const read = async (name: string): Promise<TrainingCase> => {
    const path = join(folder, name);
    const { valuesHu } = await readPreparedImage(path, resolution);
    const samples = [];
    for (const category of categories) {
      const { gridCoords, occupancies } = await readPreparedSamples(path, category);
      samples.push({ places: gridCoords, distances: occupancies });
    }
    return { imageHu: valuesHu, samples };
  };
  return { read: cachedCases(read, bytesOf, cacheBytes) };
}
