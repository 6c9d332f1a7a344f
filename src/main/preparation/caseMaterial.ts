import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { shareWithinGrid } from '#shared/mesh/shareWithinGrid.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import { createRandom } from '#shared/random/random.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { decodeStl } from '../interchange/stl.ts';
import { buildScene, drawAcquisitionSpacing } from '../phantom/anatomy/index.ts';
import { acquisitionGrid } from '../phantom/renderCrop.ts';
import { renderCtBox } from '../phantom/renderCt.ts';
import { compileTape } from '../phantom/tape.ts';
import { createTruthField, type TruthField } from '../phantom/truthField.ts';
import { trueSurface } from '../phantom/truthSurface.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import type { CaseRequest, FilesInput, PrepareOptions } from './caseRequest.ts';
import { readScan } from './input/readScan.ts';
import { readSegmentation } from './input/readSegmentation.ts';
import { type CaseDescription, CUBE_EDGE_MM } from './preparedCase.ts';
import { type LumenSurfaces, type SurfaceDistances, surfaceDistances } from './sampling/lumenSurfaces.ts';
import { type OpenedLumen, openLumen } from './sampling/openLumen.ts';

/** What a case is made from, read and checked. */
export interface CaseMaterial {
  readonly volume: Volume<Int16Array> | Volume<Float32Array>;
  readonly lumen: OpenedLumen;
  /** Exact distances: to the triangles, or of a phantom's analytic shape. */
  readonly distances: SurfaceDistances;
  readonly imageSource: CaseDescription['image']['source'];
  readonly surfaceSource: CaseDescription['surface']['source'];
  readonly centreLpsMm: Vec3;
  readonly centreFrom: CaseDescription['cube']['centreFrom'];
  /** '' where nothing names the patient; never written anywhere. */
  readonly patientId: string;
  readonly warnings: readonly Failure[];
}

/** Finds the appendage in a scan without its segmentation. */
export type FindCentre = (volume: CaseMaterial['volume'], job: JobOptions) => Promise<Vec3>;

/** Below this share of the surface within the scan or cube a warning says so. */
const NEARLY_ALL = 0.995;

/**
 * Reads what a case is made from.
 * @throws UserError where something is missing, damaged or empty, or scan and segmentation do not belong together;
 * CancelledError
 */
export async function readCaseMaterial(
  { input }: CaseRequest,
  options: PrepareOptions,
  findCentre: FindCentre,
  job: JobOptions,
): Promise<CaseMaterial> {
  switch (input.kind) {
    case 'files':
      return fromFiles(input, options, findCentre, job);
    case 'phantom-folder':
      return fromPhantomFolder(input.folder, job);
    case 'phantom':
      return fromPhantomSeed(input.seed, options, job);
  }
}

async function fromFiles(
  input: FilesInput,
  options: PrepareOptions,
  findCentre: FindCentre,
  job: JobOptions,
): Promise<CaseMaterial> {
  const { resampleUneven } = options;
  const scan = await readScan(input.image, { ...job, ...withoutUndefined({ resampleUneven }) });
  const segmentation = await readSegmentation(input, scan, job.signal);
  const [a, b] = [scan.frameOfReferenceUid, segmentation.frameOfReferenceUid];
  if (a !== '' && b !== '' && a !== b) throw new UserError(failure('preparation.frames-differ'));
  assertMeets(segmentation.surface, scan.volume.grid);
  const { ostiumPlane, centreLpsMm } = input;
  const lumen = openLumen(segmentation.surface, {
    ...withoutUndefined({ ostiumPlane, atrium: segmentation.atrium }),
    isRounded: segmentation.source !== 'surface',
  });
  const centreFrom = centreLpsMm ? 'given' : options.centre;
  const centre =
    centreLpsMm ??
    (options.centre === 'region' ? await findCentre(scan.volume, job) : middleOf(lumen.closed));
  return {
    volume: scan.volume,
    lumen,
    distances: surfaceDistances(lumen),
    imageSource: scan.source,
    surfaceSource: segmentation.source,
    centreLpsMm: centre,
    centreFrom,
    patientId: scan.patientId,
    warnings: [
      ...scan.warnings,
      ...segmentation.warnings,
      ...lumen.warnings,
      ...extentWarnings(lumen.wall, scan.volume.grid, centre),
    ],
  };
}

async function fromPhantomFolder(folder: string, job: JobOptions): Promise<CaseMaterial> {
  const truth = async (name: string): Promise<TriangleMesh> => {
    const bytes = await readFile(join(folder, 'truth', name)).catch((thrown: unknown) => {
      throw new UserError(failure('preparation.input-missing', { name: `truth/${name}` }), { cause: thrown });
    });
    return decodeStl(bytes);
  };
  const [wall, closed] = [await truth('laa-wall.stl'), await truth('laa-closed.stl')];
  const lumen: OpenedLumen = { wall, closed, openedBy: 'surface', warnings: [] };
  const scan = await readScan(join(folder, 'dicom'), job);
  assertMeets(wall, scan.volume.grid);
  const centreLpsMm = middleOf(closed);
  return {
    volume: scan.volume,
    lumen,
    distances: surfaceDistances(lumen),
    imageSource: 'dicom',
    surfaceSource: 'phantom',
    centreLpsMm,
    centreFrom: 'segmentation',
    patientId: scan.patientId,
    warnings: [...scan.warnings, ...extentWarnings(wall, scan.volume.grid, centreLpsMm)],
  };
}

/** The cube of a phantom, as a scan of the spacing that its seed draws would show it. */
async function fromPhantomSeed(
  seed: number,
  options: PrepareOptions,
  job: JobOptions,
): Promise<CaseMaterial> {
  const scene = buildScene(seed);
  const tape = compileTape(scene);
  const surface = await trueSurface(scene, { ...job, resolution: options.surfaceResolution }, tape);
  const lumen: OpenedLumen = {
    wall: surface.ostium.wall,
    closed: surface.closed,
    openedBy: 'surface',
    warnings: [],
  };
  const centreLpsMm = middleOf(lumen.closed);
  job.onProgress?.({ stage: 'Scanning the phantom', fraction: 1 });
  const random = createRandom(seed);
  const spacing = drawAcquisitionSpacing(random.fork('spacing'));
  const phase = random.fork('crop');
  const frame: CropFrame = { centreLpsMm, edgeMm: CUBE_EDGE_MM };
  const grid = acquisitionGrid(frame, {
    spacingMm: [spacing.inPlaneMm, spacing.sliceMm],
    phase: [phase.uniform(0, 1), phase.uniform(0, 1), phase.uniform(0, 1)],
  });
  const data = renderCtBox(scene, grid, { from: [0, 0, 0], to: grid.sizeIjk });
  return {
    volume: { grid, data },
    lumen,
    distances: analyticDistances(lumen, createTruthField(scene, frame, undefined, tape), frame),
    imageSource: 'phantom',
    surfaceSource: 'phantom',
    centreLpsMm,
    centreFrom: 'segmentation',
    patientId: `phantom ${seed}`,
    warnings: extentWarnings(lumen.wall, grid, centreLpsMm),
  };
}

/** Points are drawn round the surfaces; their distances are the scene's own, for a mesh is least exact at its rim. */
const analyticDistances = (
  lumen: LumenSurfaces,
  field: TruthField,
  { centreLpsMm, edgeMm }: CropFrame,
): SurfaceDistances => ({
  ...surfaceDistances(lumen),
  measure(pointsLpsMm) {
    const normalized = new Float32Array(pointsLpsMm.length);
    for (let at = 0; at < normalized.length; at++) {
      normalized[at] = (pointsLpsMm[at]! - centreLpsMm[at % 3]!) / (edgeMm / 2);
    }
    const both = field.distances(normalized);
    const unsignedMm = new Float64Array(both.length / 2);
    const signedMm = new Float64Array(both.length / 2);
    for (let n = 0; n < unsignedMm.length; n++) {
      signedMm[n] = both[2 * n]!;
      unsignedMm[n] = both[2 * n + 1]!;
    }
    return { unsignedMm, signedMm };
  },
});

function middleOf(mesh: TriangleMesh): Vec3 {
  const { low, high } = boundingBoxLpsMm(mesh);
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
}

/** @throws UserError where no part of the surface lies in the scan; says so where its axes look turned */
function assertMeets(surface: TriangleMesh, grid: GridLps): void {
  if (shareWithinGrid(surface, grid) > 0) return;
  const looksTurned = shareWithinGrid(surface, grid, -1) > 0.5;
  throw new UserError(failure('preparation.surface-outside-image', { looksTurned }));
}

function extentWarnings(wall: TriangleMesh, grid: GridLps, centreLpsMm: Vec3): Failure[] {
  const inScan = shareWithinGrid(wall, grid);
  let inCube = 0;
  const p = wall.positionsLpsMm;
  for (let at = 0; at < p.length; at += 3) {
    const reach = Math.max(...centreLpsMm.map((middle, axis) => Math.abs(p[at + axis]! - middle)));
    if (reach <= CUBE_EDGE_MM / 2) inCube += 3 / p.length;
  }
  const percent = (share: number): number => Math.round(100 * (1 - share));
  return [
    ...(inScan < NEARLY_ALL ? [failure('preparation.surface-cut', { percent: percent(inScan) })] : []),
    ...(inCube < NEARLY_ALL ? [failure('preparation.larger-than-cube', { percent: percent(inCube) })] : []),
  ];
}
