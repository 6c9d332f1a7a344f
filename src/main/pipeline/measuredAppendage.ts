import type { SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { measurementsIn } from '../report/measurementsIn.ts';
import type { Segmentation } from './segmentAppendage.ts';

/** A segmentation's surface with the numbers that its report gives, as the application shows it. */
export function measuredAppendage(
  { appendage, surfaceWarnings }: Segmentation,
  report: SegmentationReport,
): MeasuredAppendage {
  const ostium = appendage.ostium.found ? appendage.ostium : null;
  return {
    closed: unsharedMesh(appendage.closed),
    wall: ostium && unsharedMesh(ostium.wall),
    ostiumPlane: ostium && { pointLpsMm: ostium.planePointLpsMm, normal: ostium.planeNormal },
    rimLpsMm: ostium && Float32Array.from(ostium.rimLpsMm.flat()),
    measurements: measurementsIn(report),
    mesh: report.mesh,
    warnings: [...surfaceWarnings],
  };
}

/** A mesh as it crosses between threads and processes: in memory that no other thread shares. */
interface UnsharedMesh {
  positionsLpsMm: Float32Array<ArrayBuffer>;
  triangles: Uint32Array<ArrayBuffer>;
}

/** The same mesh with the type that says that its memory is not shared; meshes are never made in shared memory. */
export function unsharedMesh({ positionsLpsMm, triangles }: TriangleMesh): UnsharedMesh {
  if (!isUnshared(positionsLpsMm) || !isUnshared(triangles)) throw new TypeError('A mesh in shared memory.');
  return { positionsLpsMm, triangles };
}

/** Voxel labels with the type that says that their memory is not shared. */
export function unsharedBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (!isUnshared(bytes)) throw new TypeError('Bytes in shared memory.');
  return bytes;
}

function isUnshared(array: Float32Array): array is Float32Array<ArrayBuffer>;
function isUnshared(array: Uint32Array): array is Uint32Array<ArrayBuffer>;
function isUnshared(array: Uint8Array): array is Uint8Array<ArrayBuffer>;
function isUnshared({ buffer }: Float32Array | Uint32Array | Uint8Array): boolean {
  return buffer instanceof ArrayBuffer;
}
