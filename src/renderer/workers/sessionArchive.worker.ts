import '#shared/rpc/zodWithoutEval.ts';
import { compress, pack, unpack } from './sessionPacking.ts';
import { sessionTasks } from './sessionTasks.ts';
import { serveWebWorker } from './webWorker.ts';

// Compressing tens of megabytes takes about a second: not on the thread that handles input.
serveWebWorker(sessionTasks, { archive: { pack, compress, unpack } });
