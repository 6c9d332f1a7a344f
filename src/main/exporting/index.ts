import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import { SHELL_PICTURE } from '#shared/contract/services/exporting.ts';
import type { NamedFile } from '#shared/contract/values.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { faceCount, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { reportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import type { JobOptions, OnProgress } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { profileCsv } from '../planning/index.ts';
import { REGISTRY_FILE } from '../report/collectedRegistry.ts';
import type { DescribedFile, DescribedMesh } from '../report/describedFile.ts';
import { measurementsCsv } from '../report/measurementsCsv.ts';
import { measurementsJson } from '../report/measurementsJson.ts';
import { phasesCsv } from '../report/phasesCsv.ts';
import { registryCase, registryCsv, registryJson } from '../report/registryCase.ts';
import { reportHtml } from '../report/reportHtml.ts';
import type { ReportInput } from '../report/reportInput.ts';
import { reportPdf } from '../report/reportPdf.ts';
import { summaryHtml } from '../report/summaryHtml.ts';
import { summaryPdf } from '../report/summaryPdf.ts';
import { maskExtent, maskFile } from './maskFile.ts';
import { formatAxes, type MeshFile, type MeshFormat, meshFiles } from './meshFiles.ts';
import { type ExportRequest, type MeshProduct, meshProduct } from './meshProducts.ts';
import type { savedWorkObjects } from './savedWorkObjects.ts';
import { shellPicture } from './shellPicture.ts';

export { collectedCases } from '../report/collectedRegistry.ts';
export { registryCase, registryCsv, registryJson } from '../report/registryCase.ts';
export type { ReportInput } from '../report/reportInput.ts';
export { reviewInWords } from '../report/reviewInWords.ts';
export type { ExportRequest } from './meshProducts.ts';
export { phasesBeside, phasesOfResult } from './phasesOfResult.ts';
export { type PrintableShell, printableShell, type ShellInput } from './printableShell.ts';
export { resultReport } from './resultReport.ts';
export type { SavedObjects } from './savedWorkObjects.ts';
export { readSavedWork, reportOfSaved, type SavedReportOptions, savedWorkReport } from './savedWorkReport.ts';
export { straightenedPicture, straightenedResult, USUAL_LANDING_MM } from './straightenedPicture.ts';

type DocumentFormat = ExportRequest['options']['documents'][number];

/**
 * Makes every file that was asked for: each mesh and mask with a JSON of the same name and ".json" beside it, and the
 * documents. Writes nothing. Names carry no patient data; HTML, PDF and DICOM do within.
 * @throws UserError where nothing is wanted or a product cannot be made; CancelledError.
 */
export async function buildExport(
  request: ExportRequest,
  signal?: AbortSignal,
  onProgress?: OnProgress,
): Promise<{ files: NamedFile[] }> {
  const { options } = request;
  const products = [...new Set(options.products)];
  const meshFormats = [...new Set(options.meshFormats)];
  const maskFormats = [...new Set(options.maskFormats)];
  const documents = [...new Set(options.documents)];
  const dicomObjects = [...new Set(options.dicomObjects)];
  if (products.length > 0 && meshFormats.length === 0) {
    throw new UserError(failure('export.no-surface-format'));
  }
  if (products.length + maskFormats.length + documents.length + dicomObjects.length === 0) {
    throw new UserError(failure('export.nothing-chosen'));
  }
  const input = reportInput(request);
  const files: NamedFile[] = [];
  const add = (name: string, bytes: Uint8Array): void => {
    files.push({ name, bytes: owned(bytes) });
  };
  const addDescribed = (bytes: Uint8Array, description: DescribedFile): void => {
    add(description.name, bytes);
    add(`${description.name}.json`, measurementsJson(input, description));
  };
  const steps = products.length + maskFormats.length + documents.length + dicomObjects.length;
  let step = 0;
  /** Begins a step. @returns where the step reports its progress */
  const begin = async (stage: string): Promise<JobOptions> => {
    const before = step++;
    onProgress?.({ stage, fraction: before / steps });
    // Waits once, so that a cancellation can arrive.
    await setImmediate();
    throwIfCancelled(signal);
    return {
      ...withoutUndefined({ signal }),
      onProgress: ({ stage, fraction }) => onProgress?.({ stage, fraction: (before + fraction) / steps }),
    };
  };
  for (const id of products) {
    const product = await meshProduct(id, request, await begin('Making surfaces'));
    for (const format of meshFormats) {
      throwIfCancelled(signal);
      for (const file of meshFiles(product, format, options.frame)) {
        addDescribed(file.bytes, describedMesh(product, file, format, request));
      }
    }
    if (product.shell) {
      const distal = request.appendage.ostiumPlane?.normal ?? null;
      add(SHELL_PICTURE, shellPicture(product.shell, options.shellThicknessMm, distal));
    }
  }
  for (const format of maskFormats) {
    const { bytes, description } = await maskFile(format, request, await begin('Making the label map'));
    addDescribed(bytes, description);
  }
  for (const format of documents) {
    await begin('Making documents');
    add(DOCUMENT_NAMES[format], await documentFile(format, input));
    if (format === 'csv' && request.plan?.profile.withheld === null) {
      add('profile.csv', new TextEncoder().encode(profileCsv(request.plan.profile)));
    }
    if (format === 'csv' && request.phases.length > 1) add('phases.csv', phasesCsv(request.phases));
  }
  if (dicomObjects.length > 0) {
    // dcmjs, which it loads, takes memory and a tenth of a second: only where it is needed.
    const { dicomFiles } = await import('./dicomFiles.ts');
    for (const { make } of dicomFiles(dicomObjects, request, input.madeAt, () =>
      reportPdf({ ...input, letterhead: NO_LETTERHEAD }),
    )) {
      await begin('Making DICOM files');
      for (const { name, bytes } of await make()) add(name, bytes);
    }
  }
  onProgress?.({ stage: 'Making documents', fraction: 1 });
  return { files };
}

export const DOCUMENT_NAMES: Readonly<Record<DocumentFormat, string>> = {
  json: 'measurements.json',
  csv: 'measurements.csv',
  html: 'report.html',
  pdf: 'report.pdf',
  'summary-html': 'summary.html',
  'summary-pdf': 'summary.pdf',
  'registry-json': REGISTRY_FILE,
  'registry-csv': 'registry.csv',
};

export async function documentFile(
  format: DocumentFormat,
  input: ReportInput,
  caseId?: string,
): Promise<Uint8Array> {
  switch (format) {
    case 'json':
      return measurementsJson(input);
    case 'csv':
      return measurementsCsv(input);
    case 'html':
      return reportHtml(input);
    case 'pdf':
      return reportPdf(input);
    case 'summary-html':
      return summaryHtml(input);
    case 'summary-pdf':
      return summaryPdf(input);
    case 'registry-json':
      return registryJson(registryCase(input, caseId));
    case 'registry-csv':
      return registryCsv([registryCase(input, caseId)]);
  }
}

function reportInput(request: ExportRequest): ReportInput {
  const {
    appendage,
    report,
    warningsBeforeEditing,
    plan,
    phases,
    marks,
    annotations,
    patient,
    letterhead,
    edits,
    review,
    reviewedBy,
    reviewedSteps,
    pictures,
    deviceMesh,
    scanPictures,
    options,
  } = request;
  return {
    measurements: appendage.measurements,
    mesh: appendage.mesh,
    warnings: appendage.warnings,
    warningsBeforeEditing,
    report,
    plan,
    phases,
    landmarks: reportedLandmarks(marks, appendage.ostiumPlane),
    annotations,
    patient,
    letterhead,
    edits,
    review,
    reviewedBy,
    reviewedSteps,
    pictures,
    surface: appendage,
    deviceMesh,
    scanPictures,
    maskExtent: options.maskFormats.length > 0 ? maskExtent(request) : null,
    madeAt: new Date(),
  };
}

function describedMesh(
  { description, shell, simulation }: MeshProduct,
  { name, bytes, mesh, label }: MeshFile,
  format: MeshFormat,
  { options }: ExportRequest,
): DescribedMesh {
  const axes = formatAxes(format);
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    kind: 'mesh',
    name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    product: label,
    description,
    frame: options.frame,
    unit: 'mm',
    ...withoutUndefined({ axes }),
    vertices: vertexCount(mesh),
    faces: faceCount(mesh),
    ...(shell
      ? {
          shell: {
            askedThicknessMm: options.shellThicknessMm,
            minThicknessMm: round(shell.reachedMm.min),
            meanThicknessMm: round(shell.reachedMm.mean),
            latticeCellMm: round(shell.cellMm),
            baseWidthMm: options.shellBaseMm,
            standsAlone: shell.stand !== null && shell.stand.marginMm > 0,
            tipsAtDegrees: shell.stand && round(shell.stand.tipsAtDegrees),
            isOpenAtOstium: shell.isOpen,
            watertight: shell.quality.watertight,
            selfIntersections: shell.quality.selfIntersections,
          },
        }
      : {}),
    ...(simulation ? { simulation: simulation.report } : {}),
  };
}

/** Loaded when it is needed: dcmjs takes a tenth of a second to start. */
export const openSavedWorkObjects: typeof savedWorkObjects = async (...given) =>
  (await import('./savedWorkObjects.ts')).savedWorkObjects(...given);

/** Bytes in a buffer of their own, so that transferring them does not transfer another file's. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? (bytes as Uint8Array<ArrayBuffer>)
    : new Uint8Array(bytes);
