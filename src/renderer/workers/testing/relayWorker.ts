import { workerPort } from '../webWorker.ts';
import { relayToTest } from './relaySocket.ts';

// A web worker whose own port the rpc suite tests: what comes through it goes on to the test's server, and back.
void relayToTest(workerPort(), `server/${location.hash.slice(1)}`);
