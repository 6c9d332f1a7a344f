import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { CaseRequest } from './caseRequest.ts';
import { prepareCase } from './prepareCase.ts';
import { prepareCases } from './prepareCases.ts';
import { readSplit } from './readPreparedCase.ts';
import { DEFAULT_SHARES } from './splitCases.ts';
import { ballOptions, ballRequest, findCentre, writeBallInputs } from './testing/ballInputs.ts';

let inputs: string;
let folder: string;
beforeAll(async () => {
  inputs = await writeBallInputs();
});
afterAll(() => rm(inputs, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-prepare-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('prepareCases', () => {
  const run = (requests: CaseRequest[], changes: Partial<Parameters<typeof prepareCases>[2]> = {}) =>
    prepareCases(requests, folder, {
      prepare: (one, job) =>
        prepareCase(one, folder, { ...ballOptions, points: 50, dualFieldPoints: 50 }, findCentre, job),
      parallel: 2,
      shares: DEFAULT_SHARES,
      seed: 1,
      ...changes,
    });
  const threeCases = () => ['a', 'b', 'c'].map((name) => ballRequest(inputs, 'sphere.stl', {}, name));

  it('prepares what it can, lists what it refuses, and writes the split', async () => {
    const stages: number[] = [];
    const result = await run([ballRequest(inputs, 'far.stl', {}, 'far'), ...threeCases()], {
      onProgress: ({ fraction }) => stages.push(fraction),
    });
    expect(result).toMatchObject({ prepared: ['a', 'b', 'c'], unchanged: [], warnings: [] });
    expect(result.refused).toEqual([
      { name: 'far', reason: { code: 'preparation.surface-outside-image', fields: { looksTurned: false } } },
    ]);
    expect(await readSplit(join(folder, 'split.npz'))).toEqual(result.split);
    expect(stages.at(-1)).toBe(1);
    expect(stages).toEqual([...stages].sort((x, y) => x - y));
    // Once more: nothing is made again, and the earlier cases stay in the split.
    expect(await run([threeCases()[1]!])).toMatchObject({
      prepared: [],
      unchanged: ['b'],
      split: result.split!,
    });
  });

  it('goes on after a cancel from where it stopped', async () => {
    const controller = new AbortController();
    const stopped = run(threeCases(), {
      parallel: 1,
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage.includes('(1 of 3 cases done)')) controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow('Cancelled');
    expect(await readdir(folder)).toEqual(['a']);
    expect(await run(threeCases())).toMatchObject({ prepared: ['b', 'c'], unchanged: ['a'] });
  });

  it('stops where the disk is full, and keeps what was finished', async () => {
    let made = 0;
    const full = run(threeCases(), {
      parallel: 1,
      prepare: async (one, job) => {
        if (++made === 2) throw new UserError(failure('preparation.disk-full', { name: one.name }));
        return prepareCase(one, folder, { ...ballOptions, points: 50 }, findCentre, job);
      },
    });
    await expect(full).rejects.toThrow(
      'The disk is full: "b" was not written. What was finished before stands',
    );
    expect([made, await readdir(folder)]).toEqual([2, ['a']]);
  });
});
