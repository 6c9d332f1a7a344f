import type { MessagePort } from 'node:worker_threads';
import { UserError } from '#shared/errors.ts';
import { recutAppendage } from '../meshing/index.ts';
import type { MeshingMethods } from './meshingMethods.ts';
import { serveThread } from './serveThread.ts';

/** Answers calls for surfaces and files. */
export function serveMeshing(port: MessagePort): void {
  serveThread<MeshingMethods>(port, {
    recut: async ({ closed, plane, isCut }, { signal }) => recutAppendage(closed, plane, isCut, signal),
    fromLabels: () => Promise.reject(new UserError('Surfaces from edited labels cannot be made yet.')),
    buildExport: () => Promise.reject(new UserError('Files cannot be made yet.')),
  });
}
