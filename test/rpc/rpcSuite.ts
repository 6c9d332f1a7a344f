import { afterEach, beforeEach, describe } from 'vitest';
import { testBrokenMessages } from './suite/brokenMessages.ts';
import { testCalls } from './suite/calls.ts';
import { testConnections } from './suite/connections.ts';
import { testFailures } from './suite/failures.ts';
import { testProgressAndCancel } from './suite/progressAndCancel.ts';
import { createRpcBench, type RpcBench, type Transport } from './suite/rpcBench.ts';

export type { Transport } from './suite/rpcBench.ts';

/** What every transport must do; the same tests for each. `isMissing`: it cannot run here, and its name says why. */
export function describeRpc(
  name: string,
  createTransport: () => Promise<Transport>,
  isMissing = false,
): void {
  describe.skipIf(isMissing)(`rpc over ${name}`, () => {
    let bench: RpcBench;
    beforeEach(async () => {
      bench = await createRpcBench(await createTransport());
    });
    afterEach(async () => {
      bench.client.close();
      bench.server.close();
      await bench.transport.free();
    });

    const now = (): RpcBench => bench;
    testCalls(now);
    testFailures(now);
    testProgressAndCancel(now);
    testConnections(now);
    testBrokenMessages(now);
  });
}
