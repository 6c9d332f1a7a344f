import type { StartedWorker } from '#shared/workers/workerPool.ts';
import { webWorker } from '../webWorker.ts';
import { relayToTest } from './relaySocket.ts';

/** The page's half of the rpc suite over web workers: each worker's port is joined to a socket of the test. */
const workers: StartedWorker[] = [];

const relay = {
  start(number: number): Promise<void> {
    const worker = webWorker(new Worker(`./relayWorker.js#${number}`, { type: 'module' }));
    workers.push(worker);
    return relayToTest(worker.port, `client/${number}`);
  },
  /** Ends the workers of one test; the next starts its own on the same page. */
  async end(): Promise<void> {
    for (const worker of workers.splice(0)) await worker.end();
  },
};

Reflect.set(globalThis, 'relay', relay);
