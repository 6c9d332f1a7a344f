import { parentPort } from 'node:worker_threads';
import { decodeSlice } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { storedRange } from '#shared/dicom/sliceHeader.ts';
import { serveThread } from '../threads/serveThread.ts';
import { threadPort } from '../threads/thread.ts';
import { readFileRangeNow } from './dicomFiles.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import { sliceTasks } from './sliceThreads.ts';

if (parentPort) {
  const tableOf = createHounsfieldTables();
  serveThread(threadPort(parentPort), sliceTasks, {
    slices: {
      async decode({ sourceId, header }) {
        const { from, to } = storedRange(header);
        return decodeSlice(readFileRangeNow(sourceId, from, to), header, pixelCodecs, tableOf);
      },
    },
  });
}
