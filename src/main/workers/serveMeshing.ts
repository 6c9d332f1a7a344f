import type { MessagePort } from 'node:worker_threads';
import { appendageFromLabels, recutAppendage } from '../meshing/index.ts';
import type { MeshingMethods } from './meshingMethods.ts';
import { serveThread } from './serveThread.ts';

/** Answers calls for surfaces and files. */
export function serveMeshing(port: MessagePort): void {
  serveThread<MeshingMethods>(port, {
    recut: async ({ closed, plane, isCut }, { signal }) => recutAppendage(closed, plane, isCut, signal),
    fromLabels: async ({ labels, plane, isCut }, { signal }) =>
      appendageFromLabels(labels, plane, isCut, signal),
    // Loaded when first asked for: writers of documents are large.
    async buildExport(request, { signal, onProgress }) {
      const { buildExport } = await import('../exporting/index.ts');
      return buildExport(request, signal, onProgress);
    },
  });
}
