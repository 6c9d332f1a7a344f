import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { CancelledError, throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { signedVolumeMm3, surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import { faceCount, vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import { createRandom } from '#shared/random/random.ts';
import { OUTSIDE_HU } from '#shared/volume/volume.ts';
import { encodeStl } from '../interchange/stl.ts';
import { listFiles } from '../studies/dicomFiles.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { type CaseMaterial, type FindCentre, readCaseMaterial } from './caseMaterial.ts';
import type { CaseInput, CaseRequest, PrepareOptions } from './caseRequest.ts';
import { imageSlabs } from './cubeImage.ts';
import {
  CASE_FILES,
  type CaseDescription,
  COORDINATES,
  CUBE_EDGE_MM,
  imageFile,
  SAMPLING_CATEGORIES,
  samplesFile,
} from './preparedCase.ts';
import { readCaseDescription } from './readPreparedCase.ts';
import { drawSamples } from './sampling/drawSamples.ts';
import { openCaseWriter } from './writePreparedCase.ts';

export interface PreparedOutcome {
  /** Whether the case was there already, made of the same inputs with the same options. */
  readonly isUnchanged: boolean;
  readonly patientKey: string;
  readonly warnings: readonly Failure[];
}

/** Changes where the same inputs give other examples. */
const METHOD_VERSION = 2;

/**
 * Prepares one case: reads scan and segmentation, draws the points, resamples the images, and lets the case's folder
 * appear whole. A case that is there already is kept where its inputs (by their bytes) and options are the same.
 * @throws UserError with one sentence, nothing being left behind; CancelledError
 */
export async function prepareCase(
  request: CaseRequest,
  folder: string,
  options: PrepareOptions,
  findCentre: FindCentre,
  { signal, onProgress }: JobOptions = {},
): Promise<PreparedOutcome> {
  const part = (from: number, to: number): JobOptions => ({
    ...(signal ? { signal } : {}),
    onProgress: ({ stage, fraction }) => onProgress?.({ stage, fraction: from + (to - from) * fraction }),
  });
  const checksum = await inputChecksum(request, options, signal);
  const existing = await unchangedCase(join(folder, request.name), checksum, options);
  if (existing) return { isUnchanged: true, patientKey: existing.patientKey, warnings: existing.warnings };

  const writer = await openCaseWriter(folder, request.name);
  try {
    const material = await readCaseMaterial(request, options, findCentre, part(0, 0.4));
    throwIfCancelled(signal);
    const frame: CropFrame = { centreLpsMm: material.centreLpsMm, edgeMm: CUBE_EDGE_MM };
    onProgress?.({ stage: 'Drawing points', fraction: 0.4 });
    const samples = await drawSamples(
      material.distances,
      frame,
      { category: options.points, dualField: options.dualFieldPoints },
      createRandom(options.seed).fork(request.name),
      signal,
    );
    for (const [category, drawn] of samples.categories)
      await writer.samples(category, drawn, options.precision);
    await writer.dualField(samples.dualField, options.precision);
    const text = 'prepared case';
    await writer.file(CASE_FILES.wall, encodeStl(material.lumen.wall, `open wall, ${text}`));
    await writer.file(CASE_FILES.closed, encodeStl(material.lumen.closed, `closed lumen, ${text}`));
    const voxels = options.resolutions.reduce((sum, resolution) => sum + resolution ** 3, 0);
    let done = 0;
    for (const resolution of options.resolutions) {
      const slabs = imageSlabs(material.volume, frame, resolution, options.imageType, signal, (count) => {
        done += count;
        onProgress?.({ stage: 'Resampling images', fraction: 0.7 + (0.3 * done) / voxels });
      });
      await writer.image(resolution, options.imageType, slabs);
    }
    const description = describe(request, options, material, checksum);
    throwIfCancelled(signal);
    await writer.commit(description);
    return { isUnchanged: false, patientKey: description.patientKey, warnings: description.warnings };
  } finally {
    await writer.discard();
  }
}

function describe(
  { name, patient }: CaseRequest,
  options: PrepareOptions,
  material: CaseMaterial,
  checksum: string,
): CaseDescription {
  const { lumen, centreLpsMm, centreFrom } = material;
  return {
    format: 'auricle-prepared-case',
    formatVersion: 1,
    program: { name: 'Auricle', version: options.programVersion },
    name,
    patientKey: patientKeyOf(patient ?? (material.patientId || name)),
    checksum,
    seed: options.seed,
    cube: { edgeMm: CUBE_EDGE_MM, centreLpsMm: [...centreLpsMm], centreFrom },
    coordinates: COORDINATES,
    image: {
      source: material.imageSource,
      resolutions: [...options.resolutions],
      type: options.imageType,
      outsideHu: OUTSIDE_HU,
    },
    surface: {
      source: material.surfaceSource,
      openedBy: lumen.openedBy,
      wallAreaMm2: surfaceAreaMm2(lumen.wall),
      closedVolumeMl: signedVolumeMm3(lumen.closed) / 1000,
      vertices: vertexCount(lumen.wall),
      faces: faceCount(lumen.wall),
    },
    samples: {
      type: options.precision,
      points: Object.fromEntries(SAMPLING_CATEGORIES.map((category) => [category, options.points])),
      dualField: options.dualFieldPoints,
    },
    warnings: [...material.warnings],
  };
}

/** A key that is equal for equal patients and does not show who they are. */
export const patientKeyOf = (patient: string): string =>
  createHash('sha256').update(`auricle patient: ${patient}`).digest('hex').slice(0, 16);

/** The description of a case that is there, whole, from the same inputs and options. */
async function unchangedCase(
  caseFolder: string,
  checksum: string,
  { resolutions }: PrepareOptions,
): Promise<CaseDescription | undefined> {
  // One that is damaged is made again.
  const description = await readCaseDescription(caseFolder).catch(() => undefined);
  if (description?.checksum !== checksum) return undefined;
  const files = [
    ...resolutions.map(imageFile),
    ...SAMPLING_CATEGORIES.map(samplesFile),
    ...Object.values(CASE_FILES),
  ];
  for (const file of files) {
    const found = await stat(join(caseFolder, file)).catch(() => undefined);
    if (!found?.isFile() || found.size === 0) return undefined;
  }
  return description;
}

/**
 * SHA-256 of everything that decides what a case becomes: the bytes of its inputs, their options and names within their
 * folder, and how it is prepared; not where the inputs lie.
 */
async function inputChecksum(
  { name, patient, input }: CaseRequest,
  options: PrepareOptions,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash('sha256');
  const paths = inputPaths(input);
  const plain = { ...input, ...Object.fromEntries(paths.map(([key]) => [key, ''])) };
  hash.update(JSON.stringify([METHOD_VERSION, name, patient ?? null, plain, options]));
  for (const [key, path] of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new UserError(failure('preparation.input-missing', { name: basename(resolve(path)) }));
    const files = found.isDirectory() ? (await listFiles(path, signal)).map((file) => file.path) : [path];
    for (const file of files) {
      hash.update(`\0${key}\0${found.isDirectory() ? relative(path, file) : basename(file)}\0`);
      await hashFile(hash, file, signal);
    }
  }
  return hash.digest('hex');
}

function inputPaths(input: CaseInput): [key: string, path: string][] {
  switch (input.kind) {
    case 'files':
      return [
        ['image', input.image],
        ['segmentation', input.segmentation],
      ];
    case 'phantom-folder':
      return [['folder', input.folder]];
    case 'phantom':
      return [];
  }
}

async function hashFile(
  hash: ReturnType<typeof createHash>,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      if (signal?.aborted) throw new CancelledError();
      hash.update(chunk);
    }
  } catch (thrown) {
    if (thrown instanceof CancelledError) throw thrown;
    throw new UserError(failure('files.unreadable', { fileName: basename(path) }), { cause: thrown });
  }
}
