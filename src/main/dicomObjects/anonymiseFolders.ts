import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DeidentifyOptions } from '#shared/deidentify/confidentialityProfile.ts';
import { createDeidentifier } from '#shared/deidentify/deidentify.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { removeEmptyFolders } from '../files/removeEmptyFolders.ts';
import { isMissing, systemCodeOf } from '../files/systemCode.ts';
import { listTree, readFileRange } from '../studies/dicomFiles.ts';
import { isDiscIndex, listDiscIndex } from '../studies/discIndex.ts';
import { anonymousResultFile, isResultFile } from './anonymousResult.ts';

export interface AnonymiseInput extends JobOptions {
  readonly options: DeidentifyOptions;
  /** The secret of all replacements; the same one gives the same UIDs and pseudonyms. */
  readonly key: Uint8Array;
  readonly withRisky: boolean;
}

export interface Anonymised {
  readonly copied: number;
  /** Files of results (surfaces, masks, reports) among them. */
  readonly resultFiles: number;
  readonly patients: number;
  /** Elements that named the patient where the profile keeps them. */
  readonly cleaned: number;
  /** What was left out, by reason. */
  readonly leftOut: readonly { readonly reason: Failure; readonly count: number }[];
  /** What was copied although it may show who the patient is, by reason. */
  readonly toBeLookedAt: readonly { readonly reason: Failure; readonly count: number }[];
}

/**
 * Copies the DICOM files and results below some folders, and those that DICOMDIRs list, without what identifies the patient (PS3.15's basic profile) into
 * a new or empty folder: PSEUDONYM/study-1/series-01/000001.dcm, results in PSEUDONYM/results-1. Nothing of the old names
 * of files and folders is kept, and no DICOMDIR. Either all of it appears or nothing.
 * @throws UserError where the folder is not empty or nothing could be copied; CancelledError
 */
export async function anonymiseFolders(
  folders: readonly string[],
  output: string,
  { options, key, withRisky, signal, onProgress }: AnonymiseInput,
): Promise<Anonymised> {
  const target = resolve(output);
  const existing = await readdir(target).catch((thrown: unknown) => {
    if (isMissing(thrown)) return [];
    throw notWritten(target, thrown);
  });
  if (existing.length > 0) {
    throw new UserError(failure('objects.anonymised-not-empty', { folder: basename(target) }));
  }
  const trees = await Promise.all(
    folders.map(async (folder) =>
      (await isDiscIndex(folder)) ? listDiscIndex(folder, signal) : listTree(folder, { signal }),
    ),
  );
  const files = [
    ...new Map(trees.flatMap((tree) => tree.files).map((file) => [resolve(file.path), file])).values(),
  ];
  const deidentifier = createDeidentifier({
    options,
    withRisky,
    hash: (text) => Promise.resolve(createHmac('sha256', key).update(text).digest()),
  });
  const names = createNames();
  const leftOut = createCounts();
  for (const { reason } of trees.flatMap(({ unreached }) => unreached)) leftOut.add(reason);
  const toBeLookedAt = createCounts();
  const pseudonyms = new Set<string>();
  let copied = 0;
  let resultFiles = 0;
  let cleaned = 0;
  const { staging, made } = await makeStaging(target);
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    try {
      await makeFolder(dirname(join(staging, path)));
      await writeFile(join(staging, path), bytes);
    } catch (thrown) {
      throw notWritten(target, thrown);
    }
    copied++;
  };
  const results = files.filter(({ name }) => isResultFile(name));
  const others = files.filter(({ name }) => !isResultFile(name));
  let isDone = false;
  try {
    for (const [at, { path, name }] of [...others, ...results].entries()) {
      throwIfCancelled(signal);
      onProgress?.({ stage: 'Anonymising', fraction: at / files.length });
      const bytes = await readFileRange(path, 0, undefined).catch(() => {
        throw new UserError(failure('files.unreadable', { fileName: name }));
      });
      if (at >= others.length) {
        const anonymous = await anonymousResultFile(name, bytes, deidentifier);
        if (anonymous === undefined) leftOut.add(failure('objects.names-patient'));
        else {
          await write(join(names.results(dirname(path)), name), anonymous);
          resultFiles++;
        }
        continue;
      }
      const copy = await deidentifier.copy(bytes);
      if (copy.kind === 'leftOut') {
        leftOut.add(copy.reason);
        continue;
      }
      pseudonyms.add(copy.pseudonym);
      cleaned += copy.cleaned;
      if (copy.risk !== null) toBeLookedAt.add(copy.risk);
      await write(names.instance(copy), copy.bytes);
    }
    if (copied === 0) throw new UserError(failure('objects.nothing-anonymised'));
    for (const name of await readdir(staging)) await rename(join(staging, name), join(target, name));
    isDone = true;
  } finally {
    await rm(staging, { recursive: true, force: true });
    if (made !== undefined && !isDone) await removeEmptyFolders(target, made);
  }
  return {
    copied,
    resultFiles,
    patients: pseudonyms.size,
    cleaned,
    leftOut: leftOut.list(),
    toBeLookedAt: toBeLookedAt.list(),
  };
}

/** `made`: the outermost folder that was not there before. */
async function makeStaging(
  target: string,
): Promise<{ readonly staging: string; readonly made: string | undefined }> {
  try {
    const made = await makeFolder(target);
    return { made, staging: await mkdtemp(join(target, '.auricle-')) };
  } catch (thrown) {
    throw notWritten(target, thrown);
  }
}

function notWritten(target: string, thrown: unknown): UserError {
  const systemCode = systemCodeOf(thrown) ?? '';
  return new UserError(failure('pipeline.results-not-written', { folder: basename(target), systemCode }));
}

/** Folders and names by pseudonym and number: studies, series and instances in the order in which they come. */
function createNames() {
  const numbers = new Map<string, number>();
  const next = new Map<string, number>();
  const numberOf = (of: string, within: string): number => {
    let number = numbers.get(of);
    if (number === undefined) {
      number = (next.get(within) ?? 0) + 1;
      next.set(within, number);
      numbers.set(of, number);
    }
    return number;
  };
  return {
    instance(copy: {
      readonly pseudonym: string;
      readonly studyInstanceUid: string;
      readonly seriesInstanceUid: string;
    }): string {
      const { pseudonym, studyInstanceUid, seriesInstanceUid } = copy;
      const study = numberOf(`study ${studyInstanceUid}`, pseudonym);
      const series = numberOf(`series ${studyInstanceUid} ${seriesInstanceUid}`, studyInstanceUid);
      const within = `${studyInstanceUid} ${seriesInstanceUid}`;
      const instance = (next.get(within) ?? 0) + 1;
      next.set(within, instance);
      const digits = (value: number, count: number): string => String(value).padStart(count, '0');
      return join(pseudonym, `study-${study}`, `series-${digits(series, 2)}`, `${digits(instance, 6)}.dcm`);
    },
    results: (folder: string): string => `results-${numberOf(`results ${folder}`, 'results')}`,
  };
}

function createCounts() {
  const counts = new Map<string, { reason: Failure; count: number }>();
  return {
    add(reason: Failure): void {
      const known = counts.get(reason.code);
      counts.set(reason.code, { reason, count: (known?.count ?? 0) + 1 });
    },
    list: () => [...counts.values()],
  };
}
