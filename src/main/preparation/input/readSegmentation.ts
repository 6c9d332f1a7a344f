import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { isDicomSegmentation, readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { chosenMask, type LabelImage, labelImage } from '#shared/dicom/labelImage.ts';
import { appendageLabel, maskOnScan } from '#shared/dicom/maskOnGrid.ts';
import { segmentationOnScan } from '#shared/dicom/segmentationOnScan.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { decodeSurface, isSurfaceFile } from '../../interchange/surfaceFile.ts';
import { buildTriangleTree, nearestOnMesh } from '../../mesh/triangleTree.ts';
import { labelSurface } from '../../meshing/index.ts';
import { listFiles, readFileRange } from '../../studies/dicomFiles.ts';
import type { FilesInput } from '../caseRequest.ts';
import type { Opening } from '../sampling/openLumen.ts';
import { isFolder, readScan, type Scan } from './readScan.ts';
import { isVolumeFile, readVolumeFile } from './volumeFile.ts';

/** A segmentation as a surface, and what it says of the ostium. */
export interface SegmentationSurface {
  readonly source: 'surface' | 'labels' | 'seg';
  readonly surface: TriangleMesh;
  readonly atrium: Opening['atrium'];
  readonly frameOfReferenceUid: string;
  readonly warnings: readonly Failure[];
}

/** Enough of a file to find its kind. */
const START_BYTES = 64 * 1024;
/** The atrium touches the appendage where their surfaces are nearer than this share of the largest voxel edge. */
const TOUCH_VOXELS = 0.75;

type ScanToMeet = Pick<Scan, 'volume' | 'correction' | 'images'>;

interface LabelsRead {
  readonly image: LabelImage;
  readonly source: 'labels' | 'seg';
  readonly warnings: readonly Failure[];
}

/**
 * Reads a segmentation of any kind.
 * @param scan what it is of: a DICOM SEG of tilted or unevenly spaced slices lies on these, and is put on its lattice
 * @throws UserError where it cannot be read, is empty, or which label is meant is not clear; CancelledError
 */
export async function readSegmentation(
  input: FilesInput,
  scan?: ScanToMeet,
  signal?: AbortSignal,
): Promise<SegmentationSurface> {
  const path = input.segmentation;
  const name = basename(resolve(path));
  if (!(await isFolder(path)) && isSurfaceFile(name)) {
    return {
      source: 'surface',
      surface: decodeSurface(await wholeFile(path, name), name, input.surfaceSpace),
      atrium: undefined,
      frameOfReferenceUid: '',
      warnings:
        input.label === undefined && input.atriumLabel === undefined
          ? []
          : [failure('preparation.surface-without-labels', { name })],
    };
  }
  const { image, source, warnings } = await readLabels(path, name, scan, signal);
  const surfaceOf = (label: number | undefined) =>
    labelSurface({ grid: image.grid, data: chosenMask(image, label, name) }, signal);
  // With an atrium named, the appendage is what is left of two; else the only one that is called so.
  const rest = image.labels.filter(({ value }) => value !== input.atriumLabel);
  const own =
    input.label ??
    (input.atriumLabel !== undefined && rest.length === 1 ? rest[0]!.value : undefined) ??
    appendageLabel({ labels: rest });
  const { closed, droppedPieces } = surfaceOf(own);
  return {
    source,
    surface: closed,
    atrium:
      input.atriumLabel === undefined
        ? undefined
        : {
            distanceMm: distanceTo(surfaceOf(input.atriumLabel).closed),
            touchMm: TOUCH_VOXELS * Math.max(...image.grid.spacingMm),
          },
    frameOfReferenceUid: image.frameOfReferenceUid,
    warnings: [
      ...warnings,
      ...(droppedPieces > 0 ? [failure('preparation.pieces-left-out', { pieces: droppedPieces })] : []),
      ...(input.surfaceSpace === undefined ? [] : [failure('preparation.labels-without-space', { name })]),
    ],
  };
}

function distanceTo(mesh: TriangleMesh): (x: number, y: number, z: number) => number {
  const tree = buildTriangleTree(mesh);
  return (x, y, z) => nearestOnMesh(tree, x, y, z).distanceMm;
}

async function readLabels(
  path: string,
  name: string,
  scan: ScanToMeet | undefined,
  signal: AbortSignal | undefined,
): Promise<LabelsRead> {
  if (isVolumeFile(name) && !(await isFolder(path))) {
    const { grid, values } = await readVolumeFile(path, name);
    return { image: labelImage(grid, values, name), source: 'labels', warnings: [] };
  }
  const segmentation = await findDicomSegmentation(path, name, signal);
  if (segmentation) {
    // Of a scan that is a file without DICOM's identity, and without one, only the segmentation's own words are there.
    const { image, warnings } =
      scan?.images === undefined
        ? { image: segmentation, warnings: [] }
        : segmentationOnScan(segmentation, name, { ...scan, grid: scan.volume.grid, images: scan.images });
    return { image: onLattice(image, name, scan), source: 'seg', warnings };
  }
  if (!(await isFolder(path))) throw new UserError(failure('preparation.not-a-segmentation', { name }));
  const { volume, frameOfReferenceUid } = await readScan(path, signal ? { signal } : {});
  return {
    image: labelImage(volume.grid, volume.data, name, frameOfReferenceUid),
    source: 'labels',
    warnings: [],
  };
}

/** The SEG that a file is, or the only one that a folder holds. */
async function findDicomSegmentation(
  path: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<LabelImage | undefined> {
  const files = (await isFolder(path)) ? await listFiles(path, signal) : [{ path, name }];
  const found: { path: string; name: string }[] = [];
  for (const file of files) {
    const start = await readFileRange(file.path, 0, START_BYTES).catch(() => undefined);
    if (start && isDicomSegmentation(start)) found.push(file);
  }
  const [only, ...others] = found;
  if (!only) return undefined;
  if (others.length > 0)
    throw new UserError(failure('preparation.several-segs', { name, count: found.length }));
  return readDicomSegmentation(await wholeFile(only.path, only.name), only.name, { isAnyStack: true });
}

/**
 * A SEG on the lattice of its scan, where its frames are slices that were put on it; else as it is.
 * @throws UserError where its frames lie neither on the scan's slices nor on a lattice
 */
function onLattice(image: LabelImage, name: string, scan: ScanToMeet | undefined): LabelImage {
  const correction = scan?.correction;
  const isOnSlices =
    correction !== undefined &&
    image.labels.every(({ value }) => image.maskOnSlices(value, correction.slices) !== null);
  if (isOnSlices) {
    const { grid } = scan!.volume;
    return { ...image, grid, isLattice: true, mask: (value) => maskOnScan(image, value, grid, correction) };
  }
  if (image.isLattice) return image;
  const reason = failure('preparation.seg-uneven');
  throw new UserError(failure('preparation.seg-unreadable', { name, reason }));
}

async function wholeFile(path: string, name: string): Promise<Uint8Array> {
  return readFile(path).catch((thrown: unknown) => {
    throw new UserError(failure('files.unreadable', { fileName: name }), { cause: thrown });
  });
}
