import type { Contract, Handlers } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer, type RpcServer } from '#shared/rpc/server.ts';

export interface ServeThreadOptions {
  /** Called when the other end has closed the port and no call runs any more. */
  readonly free?: () => Promise<void>;
  /** Called last of all; a thread may be ended now. */
  readonly onEnd?: () => void;
}

/**
 * The thread's side of a pool: serves tasks over the thread's port. Cancelling is noticed only between awaits, for a
 * thread does one thing at a time.
 */
export function serveThread<C extends Contract>(
  port: Port,
  contract: C,
  handlers: Handlers<C>,
  { free, onEnd }: ServeThreadOptions = {},
): RpcServer<C> {
  const server = createRpcServer(contract, handlers, { explainsBugs: true });
  const end = async (): Promise<void> => {
    await server.settled();
    // Whatever cannot be freed goes with the thread.
    await free?.().catch(() => undefined);
    onEnd?.();
  };
  server.serve(port);
  port.onClose(() => void end());
  return server;
}
