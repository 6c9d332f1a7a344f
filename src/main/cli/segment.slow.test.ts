import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as engines from '../nudf/engine/selectEngine.ts';
import { segmentStudy } from '../pipeline/segmentStudy.ts';
import { fakeEngine } from '../pipeline/testing/fakeEngine.ts';
import { filledScanCentreLpsMm, filledStudyFolder } from '../pipeline/testing/filledStudy.ts';
import { DEFAULT_SETTINGS } from '../services/settings.ts';
import { registerSegmentCommand } from './segment.ts';

const selectEngine = vi.spyOn(engines, 'selectEngine');

let folder = '';
beforeAll(async () => {
  folder = await filledStudyFolder();
  selectEngine.mockImplementation(async () => fakeEngine({ held: new Set() }));
});
afterAll(async () => {
  selectEngine.mockRestore();
  await rm(folder, { recursive: true, force: true });
});

/** Grows with the resolution. */
async function evaluatedPoints(options: { resolution?: number }): Promise<number> {
  const start = { centreLpsMm: filledScanCentreLpsMm, programVersion: 'test', engine: 'onnx' } as const;
  return (await segmentStudy(folder, { ...start, ...options })).report.evaluatedPoints;
}

it('has the same default resolution as the application and the pipeline', async () => {
  const program = new Command();
  registerSegmentCommand(program);
  const option = program.commands[0]!.options.find(({ long }) => long === '--resolution');
  const { resolution } = DEFAULT_SETTINGS;
  expect(option?.defaultValue).toBe(resolution);
  const byDefault = await evaluatedPoints({});
  expect(byDefault).toBe(await evaluatedPoints({ resolution }));
  expect(byDefault).not.toBe(await evaluatedPoints({ resolution: 64 }));
});
