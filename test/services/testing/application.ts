import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNodeProcess } from '#main/platform/node/nodeProcess.ts';
import type { Platform } from '#main/platform/platform.ts';
import { createServices, type Services, type ServicesOptions } from '#main/services/index.ts';
import { type AuricleContract, auricleContract } from '#shared/contract/auricle.ts';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { createRpcClient, type RpcClient } from '#shared/rpc/client.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import { createMemoryPortPair } from '#shared/rpc/testing/memoryPort.ts';

/** A host for tests: no windows, and a fixed folder that the person "chooses". */
export const testPlatform = (chosenFolder?: string): Platform => ({
  target: 'electron',
  version: '0.0.0-test',
  canSaveFiles: true,
  chooseFolder: async () => chosenFolder,
  startProcess: startNodeProcess,
});

/** The services of an application behind its contract, as the renderer sees them, over a pair of ports in memory. */
export interface TestApplication {
  readonly client: RpcClient<AuricleContract>;
  readonly services: Services;
  readonly dataFolder: string;
  readonly engineStates: EngineStatus[];
  readonly notices: Failure[];
  /** Resolves with the first status, now or later, that fits. */
  engine(fits: (status: EngineStatus) => boolean): Promise<EngineStatus>;
  close(): Promise<void>;
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'auricle-services-'));

export async function testApplication(
  options: Partial<ServicesOptions> & { readonly onDefect?: (error: Error) => void } = {},
): Promise<TestApplication> {
  const dataFolder = options.dataFolder ?? (await temporaryFolder());
  const engineStates: EngineStatus[] = [];
  const notices: Failure[] = [];
  const services = createServices({
    platform: testPlatform(),
    engine: 'onnx',
    threads: 2,
    ...options,
    dataFolder,
    emit: (event, value) => server.emit(event, value),
  });
  const onBug = options.onDefect ? { onBug: options.onDefect } : {};
  const server = createRpcServer<AuricleContract>(auricleContract, services.handlers, onBug);
  const [serverPort, clientPort] = createMemoryPortPair();
  server.serve(serverPort);
  const client = createRpcClient<AuricleContract>(auricleContract, clientPort);
  client.on('engine', (status) => engineStates.push(status));
  client.on('notice', (what) => notices.push(what));
  return {
    client,
    services,
    dataFolder,
    engineStates,
    notices,
    async engine(fits) {
      const fitting = new Promise<EngineStatus>((resolve) => {
        const stop = client.on('engine', (status) => {
          if (!fits(status)) return;
          stop();
          resolve(status);
        });
      });
      const { engine } = await client.services.app.info({});
      return fits(engine) ? engine : fitting;
    },
    async close() {
      client.close();
      await services.free();
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
