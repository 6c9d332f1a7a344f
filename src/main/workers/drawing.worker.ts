import { parentPort } from 'node:worker_threads';
import { drawnPanels, maskBytes } from '../pipeline/resultDrawing.ts';
import { type DrawnPanels, finishPicture } from '../preview/previewImage.ts';
import { serveThread } from '../threads/serveThread.ts';
import { threadPort } from '../threads/thread.ts';
import { drawingTasks } from './tasks.ts';

if (parentPort) {
  let panels: DrawnPanels | undefined;
  serveThread(threadPort(parentPort), drawingTasks, {
    drawing: {
      async begin(surface) {
        panels = drawnPanels(surface);
        return ownBytes(maskBytes(surface));
      },
      async finish(texts) {
        if (!panels) throw new Error('The drawing has not begun.');
        return ownBytes(await finishPicture(panels, texts));
      },
    },
  });
}

/** In memory of their own, which can be given away: small buffers of Node's share theirs. */
const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
