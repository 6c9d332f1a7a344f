import { join } from 'node:path';
import pMap from 'p-map';
import { isFailedWith, throwIfCancelled, UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { RefusedCase } from './caseList.ts';
import type { CaseRequest } from './caseRequest.ts';
import type { PreparedOutcome } from './prepareCase.ts';
import type { CaseSplit } from './preparedCase.ts';
import { listPreparedCases, readCaseDescription } from './readPreparedCase.ts';
import { type CaseOfPatient, type SplitShares, splitCases } from './splitCases.ts';
import { writeSplit } from './writePreparedCase.ts';

export interface PrepareRunOptions extends JobOptions {
  /** Prepares one case, in a thread of its own where there are threads. */
  readonly prepare: (request: CaseRequest, job: JobOptions) => Promise<PreparedOutcome>;
  /** Cases at a time. */
  readonly parallel: number;
  readonly shares: SplitShares;
  readonly seed: number;
}

export interface PrepareRunResult {
  readonly prepared: readonly string[];
  /** Cases that were there already, from the same inputs and options. */
  readonly unchanged: readonly string[];
  readonly refused: readonly RefusedCase[];
  readonly warnings: readonly { readonly name: string; readonly warnings: readonly Failure[] }[];
  /** Of all cases that the folder holds; null where it holds none. */
  readonly split: CaseSplit | null;
}

/**
 * Prepares cases side by side into a folder and writes its split file. A case that is refused does not keep the others
 * from being prepared.
 * @throws UserError where the disk is full; CancelledError. Finished cases stay, and the same call goes on from there.
 */
export async function prepareCases(
  requests: readonly CaseRequest[],
  folder: string,
  { prepare, parallel, shares, seed, signal, onProgress }: PrepareRunOptions,
): Promise<PrepareRunResult> {
  const outcomes = new Map<string, PreparedOutcome>();
  const refused: RefusedCase[] = [];
  const fractions = new Map<string, number>();
  let finished = 0;
  const report = (stage: string): void => {
    let sum = finished;
    for (const fraction of fractions.values()) sum += fraction;
    onProgress?.({
      stage: `${stage} (${finished} of ${requests.length} cases done)`,
      fraction: sum / requests.length,
    });
  };
  const one = async (request: CaseRequest): Promise<void> => {
    throwIfCancelled(signal);
    try {
      const outcome = await prepare(request, {
        onProgress: ({ stage, fraction }) => {
          fractions.set(request.name, fraction);
          report(stage);
        },
        ...withoutUndefined({ signal }),
      });
      outcomes.set(request.name, outcome);
    } catch (thrown) {
      if (!(thrown instanceof UserError) || isFailedWith(thrown, 'preparation.disk-full')) throw thrown;
      refused.push({ name: request.name, reason: thrown.failure });
    } finally {
      fractions.delete(request.name);
      finished++;
    }
    report('Preparing');
  };
  await pMap(requests, one, { concurrency: parallel });
  throwIfCancelled(signal);
  const split = await splitFolder(folder, shares, seed);
  const names = requests.map(({ name }) => name).filter((name) => outcomes.has(name));
  return {
    prepared: names.filter((name) => !outcomes.get(name)!.isUnchanged),
    unchanged: names.filter((name) => outcomes.get(name)!.isUnchanged),
    // In the order of the list, not of the threads.
    refused: requests.flatMap(({ name }) => refused.filter((one) => one.name === name)),
    warnings: names
      .map((name) => ({ name, warnings: outcomes.get(name)!.warnings }))
      .filter(({ warnings }) => warnings.length > 0),
    split,
  };
}

/** Divides all cases of a folder, those of earlier runs too; one without a description is a patient of its own. */
async function splitFolder(folder: string, shares: SplitShares, seed: number): Promise<CaseSplit | null> {
  const names = await listPreparedCases(folder).catch(() => []);
  if (names.length === 0) return null;
  const cases: CaseOfPatient[] = [];
  for (const name of names) {
    const description = await readCaseDescription(join(folder, name)).catch(() => undefined);
    cases.push({ name, patientKey: description?.patientKey ?? name });
  }
  const split = splitCases(cases, shares, seed);
  await writeSplit(folder, split);
  return split;
}
