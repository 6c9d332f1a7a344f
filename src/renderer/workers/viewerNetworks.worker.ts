import '#shared/rpc/zodWithoutEval.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { networkTasks } from '#shared/nudf/engine/viewerTasks.ts';
import { openWebGpu, requestGpuAdapter } from '#shared/nudf/engine/webgpuBackend.ts';
import { webgpuHost } from '#shared/nudf/engine/webgpuEngine.ts';
import { createViewerNetworks } from './viewerNetworks.ts';
import { serveWebWorker } from './webWorker.ts';

serveWebWorker(networkTasks, {
  networks: createViewerNetworks(async () => {
    if (!navigator.gpu) throw new UserError(failure('engine.no-gpu'));
    const gpu = await openWebGpu(await requestGpuAdapter(navigator.gpu));
    return { host: webgpuHost(gpu), free: () => gpu.free() };
  }),
});
