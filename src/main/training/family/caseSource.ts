import { totalmem } from 'node:os';
import { join } from 'node:path';
import { readPreparedImage, readPreparedSamples } from '../../preparation/readPreparedCase.ts';
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

/** The share of the machine's memory that cases may fill. */
const CACHE_SHARE = 0.25;

const bytesOf = ({ imageHu, samples }: TrainingCase): number =>
  samples.reduce(
    (sum, { places, distances }) => sum + places.byteLength + distances.byteLength,
    imageHu.byteLength,
  );

/** Cases of a prepared folder, kept in memory as far as there is room; those read longest ago are dropped first. */
export function preparedCaseSource(
  folder: string,
  resolution: number,
  categories: readonly string[],
  cacheBytes = CACHE_SHARE * totalmem(),
): CaseSource {
  const kept = new Map<string, TrainingCase>();
  let bytes = 0;
  return {
    async read(name) {
      const known = kept.get(name);
      if (known) {
        kept.delete(name);
        kept.set(name, known);
        return known;
      }
      const path = join(folder, name);
      const { valuesHu } = await readPreparedImage(path, resolution);
      const samples = [];
      for (const category of categories) {
        const { gridCoords, occupancies } = await readPreparedSamples(path, category);
        samples.push({ places: gridCoords, distances: occupancies });
      }
      const read: TrainingCase = { imageHu: valuesHu, samples };
      if (kept.has(name)) return read;
      bytes += bytesOf(read);
      kept.set(name, read);
      for (const [oldest, dropped] of kept) {
        if (bytes <= cacheBytes) break;
        kept.delete(oldest);
        bytes -= bytesOf(dropped);
      }
      return read;
    },
  };
}
