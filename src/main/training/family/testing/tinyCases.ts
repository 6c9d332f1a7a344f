import { createRandom } from '#shared/random/random.ts';
import { type CaseSource, joinedSamples, type TrainingCase } from '../caseSource.ts';

/** Cases with a bright ball in a dark cube: 800 HU inside, −500 outside; distances to its surface. */
export function ballCases(size: number): CaseSource {
  const makeCase = (name: string): TrainingCase => {
    const random = createRandom(1).fork(name);
    const radius = random.uniform(0.3, 0.5);
    const imageHu = Int16Array.from({ length: size ** 3 }, (_, index) => {
      const place = [index % size, Math.floor(index / size) % size, Math.floor(index / size ** 2)];
      const distance = Math.hypot(...place.map((voxel) => (2 * voxel + 1) / size - 1));
      return distance < radius ? 800 : -500;
    });
    const samples = Array.from({ length: 3 }, () => {
      const places = Float32Array.from({ length: 3 * 200 }, () => random.uniform(-0.9, 0.9));
      const distances = Float32Array.from({ length: 200 }, (_, n) =>
        Math.abs(Math.hypot(...places.subarray(3 * n, 3 * n + 3)) - radius),
      );
      return joinedSamples(places, distances);
    });
    return { imageHu, samples };
  };
  return { read: async (name) => makeCase(name) };
}
