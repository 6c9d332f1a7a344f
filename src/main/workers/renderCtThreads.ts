import { availableParallelism } from 'node:os';
import { throwIfCancelled } from '#shared/errors.ts';
import { type GridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import type { RenderOptions } from '../phantom/renderCt.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import { workerThread } from '../threads/thread.ts';
import { workerFile } from '../threads/workerFile.ts';
import { renderingTasks } from './tasks.ts';

export interface RenderThreadsOptions extends Pick<RenderOptions, 'signal' | 'onProgress'> {
  /** Default: one for each processor, eight at most. */
  readonly threads?: number;
  /** The built worker; found beside the program when left out. */
  readonly file?: string;
}

/** Slabs for each thread: few, for neighbouring slabs paint the samples between them twice. */
const SLABS_PER_THREAD = 3;
const FEWEST_SLICES = 8;
const MOST_THREADS = 8;

/**
 * {@link renderCt} in threads, the same numbers; in this thread where the program runs from its sources.
 * Rejects with a CancelledError when the signal fires.
 */
export async function renderCtThreads(
  scene: PhantomScene,
  grid: GridLps,
  options: RenderThreadsOptions = {},
): Promise<Int16Array> {
  const { signal, onProgress } = options;
  const file = options.file ?? workerFile('renderCt.worker');
  const threads = options.threads ?? Math.min(availableParallelism(), MOST_THREADS);
  if (file === undefined || threads < 2) {
    const { renderCt } = await import('../phantom/renderCt.ts');
    return renderCt(scene, grid, options);
  }
  throwIfCancelled(signal);
  const [ni, nj, nk] = grid.sizeIjk;
  const slices = Math.max(FEWEST_SLICES, Math.ceil(nk / (threads * SLABS_PER_THREAD)));
  const pool = createWorkerPool(renderingTasks, {
    start: () => workerThread(file, undefined),
    size: threads,
    graceMs: 0,
  });
  const stop = (): void => void pool.free();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const result = new Int16Array(voxelCount(grid));
    /** Shares of the slabs, by their number: each slice counts, so that progress begins at once. */
    const shares = new Float64Array(Math.ceil(nk / slices));
    const report = (slab: number, share: number, slicesOfSlab: number): void => {
      shares[slab] = (share * slicesOfSlab) / nk;
      onProgress?.(shares.reduce((sum, one) => sum + one, 0));
    };
    const slabs = Array.from({ length: Math.ceil(nk / slices) }, async (_, slab) => {
      const kStart = slab * slices;
      const kEnd = Math.min(kStart + slices, nk);
      const request = { scene, grid, kStart, kEnd };
      const values = await pool.services.rendering.slab(request, {
        onProgress: ({ fraction }) => report(slab, fraction, kEnd - kStart),
      });
      result.set(values, ni * nj * kStart);
      report(slab, 1, kEnd - kStart);
    });
    await Promise.all(slabs);
    return result;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.free();
  }
}
