import '#shared/rpc/zodWithoutEval.ts';
import { compressPart, packSession, unpackSession } from '#shared/sessionArchive.ts';
import { sessionTasks } from './sessionTasks.ts';
import { serveWebWorker } from './webWorker.ts';

// Compressing tens of megabytes takes about a second: not on the thread that handles input.
serveWebWorker(sessionTasks, {
  archive: {
    pack: async (parts) => packSession(parts),
    compress: async (bytes) => compressPart(bytes),
    unpack: async (archive) => unpackSession(archive),
  },
});
