import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PhaseResult } from '#shared/contract/services/phases.ts';
import { failure } from '#shared/failures/failure.ts';
import { phasesInWords } from '#shared/phases/phaseTable.ts';
import { phasesBeside, phasesOfResult } from './phasesOfResult.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-phases-of-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const phase = (place: number, seriesId: string): PhaseResult => ({
  phase: {
    label: `${place} %`,
    percent: place,
    place,
    unit: '%',
    attribute: 'Nominal Percentage of Cardiac Phase',
    isByOrder: false,
  },
  seriesId,
  description: '',
  refusal: failure('pipeline.no-appendage'),
  measurements: null,
  warnings: [],
});

async function keep(result: PhaseResult): Promise<void> {
  const place = join(folder, `phase-0${result.phase.place}`);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'phase.json'), JSON.stringify({ key: 'k', result }));
}

const keepTable = (results: readonly PhaseResult[]): Promise<void> =>
  writeFile(join(folder, 'phases.json'), JSON.stringify(phasesInWords(results)));

it('reads the phases of the last run alone, of the study of the result', async () => {
  const present = [phase(10, '1.2.1'), phase(40, '1.2.2#2')];
  for (const one of [...present, phase(70, '1.9.7')]) await keep(one);
  await keepTable(present);
  expect(await phasesOfResult(folder, '1.2.2')).toEqual(present);
  await expect(phasesOfResult(folder, '1.9.7')).rejects.toMatchObject({
    failure: { code: 'report.other-phases' },
  });
});

it('knows the phases of a result that lies among them, and of no other', async () => {
  const present = [phase(10, '1.2.1'), phase(40, '1.2.2')];
  for (const one of present) await keep(one);
  await keepTable(present);
  expect(await phasesBeside(join(folder, 'phase-040'), '1.2.2')).toEqual(present);
  expect(await phasesBeside(join(folder, 'phase-040'), '1.9.7')).toEqual([]);
  expect(await phasesBeside(join(folder, 'result'), '1.2.2')).toEqual([]);
  // A phase that is missing is said, rather than all phases left out.
  await keepTable([...present, phase(70, '1.2.3')]);
  await expect(phasesBeside(join(folder, 'phase-040'), '1.2.2')).rejects.toMatchObject({
    failure: { code: 'report.no-phases' },
  });
  // A run that did not end.
  await rm(join(folder, 'phases.json'));
  expect(await phasesBeside(join(folder, 'phase-040'), '1.2.2')).toEqual([]);
});

it('refuses the phases of a run that did not end, or over which another study was begun', async () => {
  await keep(phase(10, '1.2.1'));
  const refused = { failure: { code: 'report.no-phases' } };
  await expect(phasesOfResult(folder, '1.2.1')).rejects.toMatchObject(refused);
  await keepTable([phase(10, '1.2.1'), phase(40, '1.2.2')]);
  await expect(phasesOfResult(folder, '1.2.1')).rejects.toMatchObject(refused);
  await keep(phase(40, '1.9.7'));
  await expect(phasesOfResult(folder, '1.2.1')).rejects.toMatchObject(refused);
});
