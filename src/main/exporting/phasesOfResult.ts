import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type PhaseResult, phaseResultSchema } from '#shared/contract/services/phases.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';

/** Written last. */
const TABLE_FILE = 'phases.json';

const phaseFileSchema = z.object({ result: phaseResultSchema });
const tableSchema = z.object({
  phases: z.array(z.object({ label: z.string(), seriesId: z.string() })).min(1),
});

/**
 * The phases of a folder that `auricle phases` wrote, in the order of the cycle: those that its `phases.json` names, which
 * is written last. Folders of phases that an earlier run left there, of another study perhaps, are not read as part of it.
 *
 * @param seriesUid of the result that they are shown beside
 * @throws UserError where there are none, a phase is missing, or none is of that series
 */
export async function phasesOfResult(folder: string, seriesUid: string): Promise<PhaseResult[]> {
  const name = basename(resolve(folder));
  const results = await phasesIn(folder).catch(() => {
    throw new UserError(failure('report.no-phases', { folder: name }));
  });
  if (!results.some(({ seriesId }) => seriesId.split('#')[0] === seriesUid)) {
    throw new UserError(failure('report.other-phases', { folder: name }));
  }
  return results;
}

/**
 * The phases of a result that `auricle phases` wrote, whose folder lies among them; none of any other result, nor where
 * that run has not ended.
 * @throws UserError where they lie there and cannot be read
 */
export async function phasesBeside(resultFolder: string, seriesUid: string): Promise<PhaseResult[]> {
  const folder = dirname(resolve(resultFolder));
  const isAmongPhases = basename(resolve(resultFolder)).startsWith('phase-');
  if (!isAmongPhases || !existsSync(join(folder, TABLE_FILE))) return [];
  try {
    return await phasesOfResult(folder, seriesUid);
  } catch (thrown) {
    if (thrown instanceof UserError && thrown.failure.code === 'report.other-phases') return [];
    throw thrown;
  }
}

async function phasesIn(folder: string): Promise<PhaseResult[]> {
  const { phases } = tableSchema.parse(JSON.parse(await readFile(join(folder, TABLE_FILE), 'utf8')));
  const names = (await readdir(folder)).filter((entry) => entry.startsWith('phase-'));
  const texts = await Promise.all(names.map((entry) => readFile(join(folder, entry, 'phase.json'), 'utf8')));
  const kept = texts.map((text) => phaseFileSchema.parse(JSON.parse(text)).result);
  return phases.map(({ label, seriesId }) => {
    const found = kept.find((result) => result.phase.label === label && result.seriesId === seriesId);
    if (found === undefined) throw new RangeError(`The result of ${label} is missing.`);
    return found;
  });
}
