import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { DeviceTable } from '#shared/contract/planning.ts';
import type { DevicePose, VirtualDevice } from '#shared/contract/virtualDevice.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { type DeviceSite, knownPlaces, measureDevice, placeDevice } from '#shared/planning/virtualDevice.ts';
import { isMissing } from '../files/systemCode.ts';
import { decodeNrrdGrid } from '../interchange/nrrd.ts';
import { decodeSurface } from '../interchange/surfaceFile.ts';
import { readPlannedResult } from './plannedResult.ts';

/** What is asked of a device in a result. */
export interface DeviceRequest {
  readonly tables: readonly DeviceTable[];
  readonly table: string;
  readonly size: string;
  /** Null: at the landing zone. */
  readonly depthMm: number | null;
  readonly tiltDegrees: DevicePose['tiltDegrees'];
  /** The reader's; null: the table's own. */
  readonly landingZoneMm: number | null;
}

/** A device in a result: what is measured of it, and its surface in LPS mm. */
export interface DeviceInResult {
  readonly device: VirtualDevice;
  readonly mesh: TriangleMesh;
  readonly notice: string;
}

/** Places a device in the result of `auricle segment`. @throws UserError */
export async function deviceInResult(
  resultFolder: string,
  { tables, table, size, depthMm, tiltDegrees, landingZoneMm }: DeviceRequest,
): Promise<DeviceInResult> {
  const result = await readPlannedResult(resultFolder);
  const { ostium, withheld } = result.measurements;
  if (!ostium) throw new UserError(withheld.depthMm ?? failure('measure.no-ostium'));
  const pose = namedPose({ tables, table, size, depthMm, tiltDegrees, landingZoneMm });
  const site: DeviceSite = {
    closed: surfaceIn(await bytesOf(resultFolder, 'laa-closed.stl'), resultFolder),
    ostium: { pointLpsMm: ostium.centreLpsMm, normal: ostium.normal },
    appendage: result,
    places: knownPlaces({ circumflex: null, ridge: null }, result),
    scanGrid: gridOf(await bytesOf(resultFolder, 'mask.nrrd')),
    landingZoneMm,
  };
  const placed = placeDevice(tables, pose, site);
  return { device: measureDevice(placed, pose, site), mesh: placed.mesh, notice: result.notice };
}

/** A pose by a table and a size as people type them: "watchman flx", "24". */
export function namedPose({
  tables,
  table,
  size,
  depthMm,
  tiltDegrees,
  landingZoneMm,
}: DeviceRequest): DevicePose {
  const named = tables.find(({ name }) => name.toLowerCase() === table.toLowerCase());
  return {
    table: named?.name ?? table,
    size: named?.sizes.find(({ label, sizeMm }) => size === label || Number(size) === sizeMm)?.label ?? size,
    depthMm: depthMm ?? landingZoneMm ?? named?.landingZoneMm ?? 0,
    tiltDegrees,
  };
}

/** Null for slices that are no lattice: those of a tilted gantry. */
function gridOf(mask: Uint8Array): GridLps | null {
  try {
    return decodeNrrdGrid(mask);
  } catch {
    return null;
  }
}

const nameOf = (folder: string): string => basename(resolve(folder));

function surfaceIn(bytes: Uint8Array, resultFolder: string): TriangleMesh {
  try {
    return decodeSurface(bytes, 'laa-closed.stl');
  } catch {
    const fileName = 'laa-closed.stl';
    throw new UserError(failure('objects.not-a-result', { folder: nameOf(resultFolder), fileName }));
  }
}

async function bytesOf(resultFolder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(resultFolder, name));
  } catch (thrown) {
    if (isMissing(thrown))
      throw new UserError(failure('objects.not-a-result', { folder: nameOf(resultFolder), fileName: name }));
    throw new UserError(failure('files.unreadable', { fileName: name }));
  }
}
