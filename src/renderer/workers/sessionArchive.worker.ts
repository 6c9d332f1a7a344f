import '#shared/rpc/zodWithoutEval.ts';
import { packSession } from '#shared/sessionArchive.ts';
import { compress, compressParts, pack, unpack } from './sessionPacking.ts';
import { sessionTasks } from './sessionTasks.ts';
import { serveWebWorker } from './webWorker.ts';

// Compressing tens of megabytes takes about a second: not on the thread that handles input.
serveWebWorker(sessionTasks, {
  archive: { zip: async (files) => packSession(files), pack, compressParts, compress, unpack },
});
