import { webWorker } from '../webWorker.ts';
import { relayToTest } from './relaySocket.ts';

/** The page's half of the rpc suite over web workers: each worker's port is joined to a socket of the test. */
const relay = {
  start: (number: number): Promise<void> =>
    relayToTest(
      webWorker(new Worker(`./relayWorker.js#${number}`, { type: 'module' })).port,
      `client/${number}`,
    ),
};

Reflect.set(globalThis, 'relay', relay);
