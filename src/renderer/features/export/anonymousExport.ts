import { KIND_WORDS } from '#shared/annotations/annotationInWords.ts';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import { KEEPS_NOTHING, type KeptIdentity } from '#shared/contract/services/exporting.ts';
import type { NamedFile } from '#shared/contract/values.ts';
import { createDeidentifier, type Deidentifier } from '#shared/deidentify/deidentify.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure, isNameless } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { isNamelessSentence } from '#shared/words/namelessSentences.ts';

type BuildRequest = Parameters<AuricleClient['exporting']['build']>[0];

/** With a key that nobody keeps: two exports have nothing in common. */
export async function createPageDeidentifier(kept: KeptIdentity = KEEPS_NOTHING): Promise<Deidentifier> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  return createDeidentifier({
    options: kept,
    hash: async (text) =>
      new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))),
  });
}

/** Work that an earlier version saved holds sentences. */
const isNamelessWarning = (warning: string | Failure): boolean =>
  typeof warning === 'string' ? isNamelessSentence(warning) : isNameless(warning);

const NOBODY = { name: '', id: '', birthDate: '', sex: '', studyDate: '', studyDescription: '' };

/**
 * What is built without the patient: no banner, no descriptions of the scan, no warnings that may hold a name (people
 * name files after patients), none of the names and texts that a reader typed, its UIDs mapped. DICOM objects are built of
 * the source as it is and copied afterwards, so that they agree with the scan's copies.
 */
export async function anonymousRequest(
  request: BuildRequest,
  { mapUid }: Pick<Deidentifier, 'mapUid'>,
): Promise<BuildRequest> {
  const { source } = request.report;
  return {
    ...request,
    patient: NOBODY,
    // The basic profile removes the institution.
    letterhead: NO_LETTERHEAD,
    // A person, too, and in a small hospital a hint at the patient.
    reviewedBy: null,
    annotations: (request.annotations ?? []).map((one) => ({
      ...one,
      name: `${KIND_WORDS[one.shape.kind]} ${one.number}`,
    })),
    // Their UIDs are mapped with those of the DICOM objects, and stand nowhere else.
    phases: (request.phases ?? []).map((phase) => ({
      ...phase,
      description: '',
      refusal:
        phase.refusal === null || isNamelessWarning(phase.refusal)
          ? phase.refusal
          : failure('measure.not-measurable'),
      warnings: phase.warnings.filter(isNamelessWarning),
    })),
    warningsBeforeEditing: request.warningsBeforeEditing.filter(isNamelessWarning),
    report: {
      ...request.report,
      warnings: request.report.warnings.filter(isNamelessWarning),
      source: {
        ...source,
        seriesInstanceUid: await mapUid(source.seriesInstanceUid),
        frameOfReferenceUid: await mapUid(source.frameOfReferenceUid),
        ...(source.firstSopInstanceUid
          ? { firstSopInstanceUid: await mapUid(source.firstSopInstanceUid) }
          : {}),
        seriesDescription: '',
        otherSeries: [],
      },
    },
  };
}

/**
 * The built files, the DICOM ones copied without the patient, and the scan's files so copied.
 * @returns the files, and a notice for each reason why files of the scan were left out
 * @throws UserError where an object cannot be copied; CancelledError
 */
export async function anonymousFiles(
  built: readonly NamedFile[],
  scan: readonly Blob[],
  deidentifier: Deidentifier,
  { signal, onProgress }: JobOptions,
): Promise<{ readonly files: NamedFile[]; readonly leftOut: Failure[] }> {
  const files: NamedFile[] = [];
  for (const { name, bytes } of built) {
    if (!name.endsWith('.dcm')) {
      files.push({ name, bytes });
      continue;
    }
    const copy = await deidentifier.copy(bytes);
    if (copy.kind === 'leftOut') throw new UserError(copy.reason);
    files.push({ name, bytes: copy.bytes });
  }
  const counts = new Map<string, { readonly reason: Failure; count: number }>();
  for (const [at, blob] of scan.entries()) {
    throwIfCancelled(signal);
    onProgress?.({ stage: 'Anonymising the scan', fraction: at / scan.length });
    const copy = await deidentifier.copy(new Uint8Array(await blob.arrayBuffer()));
    if (copy.kind === 'copied') {
      files.push({ name: `scan-${String(at + 1).padStart(6, '0')}.dcm`, bytes: copy.bytes });
      continue;
    }
    const known = counts.get(copy.reason.code) ?? { reason: copy.reason, count: 0 };
    known.count++;
    counts.set(copy.reason.code, known);
  }
  if (files.length === 0) throw new UserError(failure('objects.nothing-anonymised'));
  return {
    files,
    leftOut: [...counts.values()].map(({ reason, count }) => failure('objects.left-out', { count, reason })),
  };
}
