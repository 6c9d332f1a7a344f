import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { networkTasks, type ViewerAdapter, viewerTasks } from '#shared/nudf/engine/viewerTasks.ts';
import { describeAdapter, requestGpuAdapter } from '#shared/nudf/engine/webgpuBackend.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import { webWorker } from './webWorker.ts';

/** A cancelled step on a slow graphics processor may take so long; then its worker is ended. */
const GRACE_MS = 30_000;

/**
 * Answers the application's calls for the graphics processor of the machine that shows this page, until the port closes.
 * A worker computes; it starts with the first call that needs it.
 */
export function serveViewerGraphics(port: Port): void {
  const pool = createWorkerPool(networkTasks, {
    start: () =>
      webWorker(new Worker(new URL('./viewerNetworks.worker.ts', import.meta.url), { type: 'module' })),
    size: 1,
    graceMs: GRACE_MS,
    crashError: () => new UserError(failure('engine.gpu-lost', { message: '' })),
  });
  createRpcServer(viewerTasks, { graphics: { adapter }, ...pool.services }).serve(port);
  port.onClose(() => void pool.free());
}

async function adapter(): Promise<ViewerAdapter | null> {
  try {
    const { adapterName, isSoftware } = describeAdapter(await requestGpuAdapter(navigator.gpu));
    return { name: adapterName, isSoftware };
  } catch {
    // No WebGPU in this browser, or no adapter for it.
    return null;
  }
}
