import type { Handlers } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { editedBeyond, labelSurfaces, ownMesh, recutBeyond } from '../meshing/index.ts';
import { measureAlongLine, surfaceLine } from '../planning/index.ts';
import { serveThread } from '../threads/serveThread.ts';
import { type MeshingTasks, meshingTasks } from './tasks.ts';

/**
 * Answers calls for surfaces and files.
 * @param onEnd called when the other end has closed the port and no call runs
 */
export function serveMeshing(port: Port, onEnd?: () => void): void {
  const handlers: Handlers<MeshingTasks> = {
    meshing: {
      recut: async ({ plane, atrium, isCut, ...surface }, { signal }) =>
        recutBeyond(surface, plane, atrium, isCut, signal),
      afterEdits: async ({ original, labels, plane, atrium, isCut }, { signal }) =>
        editedBeyond(original, labels, plane, atrium, isCut, signal),
      labelSurfaces: async ({ labels }, { signal }) => {
        const { mesh, piecesLeftOut } = labelSurfaces(labels, signal);
        return { mesh: ownMesh(mesh), piecesLeftOut };
      },
      async distances({ from, to }) {
        const { evaluateSurfaces } = await import('../evaluation/index.ts');
        const { averageSymmetricDistanceMm, hausdorff95Mm } = evaluateSurfaces(from, to);
        return { mean: averageSymmetricDistanceMm, percent95: hausdorff95Mm };
      },
      profile: async ({ marks, ...surface }, { signal }) => measureAlongLine(surface, marks, signal),
      centreLine: async (surface) => ({ pointsLpsMm: [...(surfaceLine(surface)?.line.pointsLpsMm ?? [])] }),
      async compareSurfaces({ first, second }) {
        const { compareSurfaces } = await import('../evaluation/index.ts');
        return compareSurfaces(first, second);
      },
      async readResult({ folder, files }) {
        const { resultToCompare } = await import('../evaluation/index.ts');
        const { closed, report } = resultToCompare(
          new Map(files.map(({ name, bytes }) => [name, bytes])),
          folder,
        );
        const { source, ...measures } = report;
        return { closed: ownMesh(closed), measures, frameOfReferenceUid: source.frameOfReferenceUid };
      },
      // Loaded when first asked for: writers of documents are large.
      async buildExport(request, { signal, onProgress }) {
        const { buildExport } = await import('../exporting/index.ts');
        return buildExport(request, signal, onProgress);
      },
    },
  };
  serveThread(port, meshingTasks, handlers, withoutUndefined({ onEnd }));
}
