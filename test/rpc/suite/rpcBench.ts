import { createRpcClient, type RpcClient } from '#shared/rpc/client.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer, type RpcServer } from '#shared/rpc/server.ts';
import { createTestHandlers, type TestContract, type TestHandlers, testContract } from '../testContract.ts';

/** A way to connect two ports. */
export interface Transport {
  /** @returns the client's end and the server's end of a new connection */
  connect(): Promise<[Port, Port]>;
  free(): Promise<void>;
}

/** A server with one client over a transport, anew for each test. */
export interface RpcBench {
  readonly transport: Transport;
  readonly test: TestHandlers;
  readonly server: RpcServer<TestContract>;
  /** A test that connects another one in its place leaves that one here. */
  client: RpcClient<TestContract>;
  /** The two ends of the newest connection. */
  clientPort: Port;
  serverPort: Port;
  readonly serverBugs: { message: string; where: string }[];
  readonly clientBugs: string[];
  /** Another client of the same server. */
  connect(): Promise<RpcClient<TestContract>>;
}

export async function createRpcBench(transport: Transport): Promise<RpcBench> {
  const test = createTestHandlers();
  const serverBugs: RpcBench['serverBugs'] = [];
  const clientBugs: string[] = [];
  const server = createRpcServer(testContract, test.handlers, {
    onBug: ({ message }, where) => serverBugs.push({ message, where }),
    // Time stands still: reports of progress always follow each other at once.
    nowMs: () => 0,
  });
  const open = async () => {
    const [clientPort, serverPort] = await transport.connect();
    server.serve(serverPort);
    const onBug = ({ message }: Error) => clientBugs.push(message);
    return { clientPort, serverPort, client: createRpcClient(testContract, clientPort, { onBug }) };
  };
  const bench: RpcBench = {
    transport,
    test,
    server,
    serverBugs,
    clientBugs,
    ...(await open()),
    async connect() {
      const { client, clientPort, serverPort } = await open();
      bench.clientPort = clientPort;
      bench.serverPort = serverPort;
      return client;
    },
  };
  return bench;
}

export const closed = (port: Port): Promise<string> => new Promise((resolve) => void port.onClose(resolve));
