import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DEFAULT_RESOLUTION } from '#shared/contract/services/app.ts';
import { type PhaseResult, phaseResultSchema } from '#shared/contract/services/phases.ts';
import { vec3Schema } from '#shared/contract/values.ts';
import { leftOutWarnings, type PhaseSeries } from '#shared/dicom/heartPhases.ts';
import { phasesInWords } from '#shared/phases/phaseTable.ts';
import { version } from '../../../package.json';
import { measurementsIn } from '../report/measurementsIn.ts';
import { phaseCurvesSvg } from '../report/phasePlotSvg.ts';
import { phasesCsv } from '../report/phasesCsv.ts';
import type { NetworkModels } from './networks.ts';
import { writeFilesTogether } from './outputFolder.ts';
import { type PlanningChoice, RESULT_FILE_NAMES, resultFiles } from './resultFiles.ts';
import { type PhaseOutcome, type PhasesOptions, segmentPhases } from './segmentPhases.ts';
import type { StudyOptions } from './segmentStudy.ts';

/** The name of a phase's result within its folder, by which interrupted work goes on. */
const PHASE_FILE = 'phase.json';
const CURVE_FILE_NAMES = ['phases.json', 'phases.csv', 'phases.svg'] as const;

const phaseFileSchema = z.strictObject({
  key: z.string(),
  result: phaseResultSchema,
  /** Of the cube that was segmented, by which the next phase is followed; null where the phase was refused. */
  centreLpsMm: vec3Schema.nullable(),
});

export interface PhasesInFolder extends StudyOptions {
  /** Computes every phase anew, also where an earlier run has its result. */
  readonly isAnew: boolean;
  readonly planning: PlanningChoice;
}

/**
 * Segments every phase of a study into folders below `output` (`phase-040`), each with the files of `auricle segment`,
 * and writes table and curves beside them. A phase whose result an earlier run left there, of the same slices, models and
 * options, is not computed again.
 *
 * @throws UserError, CancelledError: the phases that are finished stay
 */
export async function phasesIntoFolder(
  folder: string,
  output: string,
  options: PhasesInFolder,
): Promise<{ readonly results: readonly PhaseResult[]; readonly reused: number }> {
  const results = new Map<PhaseSeries['series'], PhaseResult>();
  let reused = 0;
  const handlers: Pick<PhasesOptions, 'known' | 'onPhase'> = {
    async known(phase, models) {
      if (options.isAnew) return null;
      const known = await earlierResult(join(output, phaseFolder(phase)), keyOf(phase, models, options));
      if (!known?.centreLpsMm) return null;
      results.set(phase.series, known.result);
      reused++;
      return known.centreLpsMm;
    },
    async onPhase(phase, outcome, models) {
      const { result, files } = await phaseResult(phase, outcome, options.planning);
      results.set(phase.series, result);
      const centreLpsMm = outcome.kind === 'segmented' ? outcome.study.segmentation.frame.centreLpsMm : null;
      const kept = { key: keyOf(phase, models, options), result, centreLpsMm };
      // They would show numbers of before beside the phase that is new.
      for (const name of CURVE_FILE_NAMES) await rm(join(output, name), { force: true });
      files.set(PHASE_FILE, `${JSON.stringify(kept, null, 2)}\n`);
      await writeFilesTogether(join(output, phaseFolder(phase)), files, [...RESULT_FILE_NAMES, PHASE_FILE]);
    },
  };
  const phases = await segmentPhases(folder, { ...options, ...handlers });
  const inOrder = phases.map(({ series }) => results.get(series)!);
  const curves = new Map<string, string | Uint8Array>([
    ['phases.json', `${JSON.stringify(phasesInWords(inOrder), null, 2)}\n`],
    ['phases.csv', phasesCsv(inOrder)],
    ['phases.svg', phaseCurvesSvg(inOrder)],
  ]);
  await writeFilesTogether(output, curves, CURVE_FILE_NAMES);
  return { results: inOrder, reused };
}

/** "40 %" → "phase-040", "6.5 %" → "phase-006.5", "350 ms" → "phase-350ms". */
export function phaseFolder({ phase: { place, unit } }: PhaseSeries): string {
  const [whole = '', decimals] = String(Math.abs(place)).split('.');
  const number = `${place < 0 ? 'minus-' : ''}${whole.padStart(3, '0')}${decimals === undefined ? '' : `.${decimals}`}`;
  return `phase-${number}${unit === 'ms' ? 'ms' : ''}`;
}

async function phaseResult(
  phaseSeries: PhaseSeries,
  outcome: PhaseOutcome,
  planning: PlanningChoice,
): Promise<{ result: PhaseResult; files: Map<string, Uint8Array | string> }> {
  const { phase, series } = phaseSeries;
  const about = { phase, seriesId: series.id, description: series.description };
  if (outcome.kind === 'refused') {
    const refused = {
      ...about,
      refusal: outcome.reason,
      measurements: null,
      warnings: leftOutWarnings(phaseSeries),
    };
    return { result: refused, files: new Map() };
  }
  const { study } = outcome;
  const { files, report } = await resultFiles(study, planning);
  const measurements = measurementsIn(report);
  return { result: { ...about, refusal: null, measurements, warnings: report.warnings }, files };
}

/** What a result depends on. */
function keyOf(
  { phase, series }: PhaseSeries,
  { region, fields }: NetworkModels,
  { resolution = DEFAULT_RESOLUTION, mesher = 'adaptive', centreLpsMm, planning }: PhasesInFolder,
): string {
  const of = [
    version,
    phase,
    series.slices.map(({ header: { identity } }) => [identity.sopInstanceUid, identity.frameNumber]),
    [region, ...fields].map(({ manifest }) => manifest.sha256),
    { resolution, mesher, centreLpsMm, planning },
    series.geometry.kind,
  ];
  return createHash('sha256').update(JSON.stringify(of)).digest('hex');
}

async function earlierResult(
  folder: string,
  key: string,
): Promise<z.output<typeof phaseFileSchema> | undefined> {
  const text = await readFile(join(folder, PHASE_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { success, data } = phaseFileSchema.safeParse(JSON.parse(text));
    // A refusal may have been the engine's: that phase is tried again.
    return success && data.key === key && !data.result.refusal ? data : undefined;
  } catch {
    return undefined;
  }
}
