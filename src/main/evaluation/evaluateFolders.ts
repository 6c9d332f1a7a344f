import { failureOf, throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { listCases, readCase } from './caseFolders.ts';
import { type CaseMetrics, type CaseSurfaces, evaluateCase, METRIC_COLUMNS } from './caseMetrics.ts';

export interface EvaluatedCase {
  readonly name: string;
  readonly metrics: CaseMetrics;
}

/** The spread of one number over the cases that have it. */
export interface MetricSummary {
  readonly key: string;
  readonly count: number;
  readonly mean: number;
  readonly minimum: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly maximum: number;
}

export interface FolderEvaluation {
  readonly cases: readonly EvaluatedCase[];
  readonly summary: readonly MetricSummary[];
  /** Cases that only one side has, and pairs that cannot be compared: nothing is left out without a word. */
  readonly notCompared: readonly { readonly name: string; readonly reason: Failure }[];
  /** The cases of the largest average distance, worst first, with their surfaces. */
  readonly worst: readonly (EvaluatedCase & {
    readonly predicted: CaseSurfaces;
    readonly truth: CaseSurfaces;
  })[];
}

const MOST_WORST = 3;

/**
 * Compares the cases of two folders, by name.
 * @throws UserError where a folder cannot be read or no case is in both; CancelledError
 */
export async function evaluateFolders(
  predictedFolder: string,
  truthFolder: string,
  { signal, onProgress }: JobOptions = {},
): Promise<FolderEvaluation> {
  const [predicted, truth] = [await listCases(predictedFolder), await listCases(truthFolder)];
  const names = [...new Set([...predicted.keys(), ...truth.keys()])].sort();
  const cases: EvaluatedCase[] = [];
  const notCompared: { name: string; reason: Failure }[] = [];
  let worst: FolderEvaluation['worst'] = [];
  for (const [index, name] of names.entries()) {
    throwIfCancelled(signal);
    onProgress?.({ stage: `Comparing ${name}`, fraction: index / names.length });
    const [files, truthFiles] = [predicted.get(name), truth.get(name)];
    if (!files || !truthFiles) {
      notCompared.push({ name, reason: failure(files ? 'evaluation.no-truth' : 'evaluation.no-prediction') });
      continue;
    }
    try {
      const pair = { predicted: await readCase(files), truth: await readCase(truthFiles) };
      const evaluated = { name, metrics: evaluateCase(pair.predicted, pair.truth) };
      cases.push(evaluated);
      worst = [...worst, { ...evaluated, ...pair }]
        .sort((a, b) => averageOf(b.metrics) - averageOf(a.metrics))
        .slice(0, MOST_WORST);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      notCompared.push({ name, reason: failureOf(thrown) });
    }
  }
  if (names.length === 0) throw new UserError(failure('evaluation.no-cases'));
  return { cases, summary: summaryOf(cases), notCompared, worst };
}

const averageOf = ({ surface }: CaseMetrics): number => surface.averageSymmetricDistanceMm;

function summaryOf(cases: readonly EvaluatedCase[]): MetricSummary[] {
  return METRIC_COLUMNS.flatMap(({ key, of }) => {
    const values = cases
      .map(({ metrics }) => of(metrics))
      .filter((value) => value !== undefined)
      .sort((a, b) => a - b);
    if (values.length === 0) return [];
    const at = (share: number): number => {
      const place = share * (values.length - 1);
      const [low, high] = [values[Math.floor(place)]!, values[Math.ceil(place)]!];
      return low + (place - Math.floor(place)) * (high - low);
    };
    return [
      {
        key,
        count: values.length,
        mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        minimum: at(0),
        lowerQuartile: at(0.25),
        median: at(0.5),
        upperQuartile: at(0.75),
        maximum: at(1),
      },
    ];
  });
}
