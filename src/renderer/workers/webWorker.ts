import type { Contract, Handlers } from '#shared/rpc/contract.ts';
import { createMessagePortPort } from '#shared/rpc/messagePortPort.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import type { StartedWorker } from '#shared/workers/workerPool.ts';

/** A web worker for a pool. An error that nobody caught in it closes its port; it is ended whatever it is doing. */
export function webWorker(worker: Worker): StartedWorker {
  const port = createMessagePortPort(worker, { canTransfer: true });
  return {
    port,
    async end() {
      port.close();
      worker.terminate();
    },
  };
}

/** The worker's side: serves a contract to the page that started this worker. */
export function serveWebWorker<C extends Contract>(contract: C, handlers: Handlers<C>): void {
  createRpcServer(contract, handlers, { explainsBugs: true }).serve(workerPort());
}

/** The end of this worker's channel to its page. Errors that nobody caught reach the page as the worker's. */
export const workerPort = (): Port =>
  createMessagePortPort(
    {
      postMessage: (message, transfer) => self.postMessage(message, { transfer }),
      close: () => self.close(),
      addEventListener(type: string, listener: (event: { data: unknown }) => void) {
        if (type === 'error') return;
        self.addEventListener(type, (event) => listener({ data: 'data' in event ? event.data : undefined }));
      },
    },
    { canTransfer: true },
  );
