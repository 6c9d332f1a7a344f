import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LumenProfile } from '#shared/contract/planning.ts';
import { appendage, archive } from '../exporting/testing/exampleSavedWork.ts';
import { encodeSession } from '../home/sessionFile.ts';
import { runPlanDevice, runPlanDevices, runPlanProfile, runPlanReformat, runPlanViews } from './plan.ts';

describe('auricle plan of saved work', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'auricle-plan-'));
    file = join(folder, 'case.session');
    const summary = { id: 'case', title: 'CT series', seriesInstanceUid: '1.2.3' };
    writeFileSync(file, encodeSession({ ...summary, savedAt: '2026-01-02T03:04:05.678Z' }, archive()));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the sizes by the reader’s outline and landing zone', async () => {
    const { json } = await runPlanProfile(file);
    const at10 = (json as LumenProfile).points.find(({ distanceMm }) => distanceMm === 10)!;
    expect(at10.areaMm2).toBeCloseTo(Math.PI * 81, 0);
    expect((await runPlanDevices(file, {})).json).toMatchObject({ landingZoneMm: 10 });
    expect((await runPlanDevices(file, { landingZone: 12 })).json).toMatchObject({ landingZoneMm: 12 });
  });

  it('places a device in its surface, and has the views of its ostium', async () => {
    const named = { table: 'watchman flx', size: '24', depthMm: 9 };
    const { json } = await runPlanDevice(file, named);
    expect(json).toMatchObject({ device: { depthMm: 9 } });
    const views = (await runPlanViews(file)).json as { perpendicularViews: unknown[] };
    expect(views.perpendicularViews.length).toBeGreaterThan(0);
    expect(appendage.measurements.ostium?.normal[2]).toBeCloseTo(1, 6);
  });

  it('straightens the scan that it holds along its reader’s line', async () => {
    const output = join(folder, 'line.png');
    const window = { widthHu: 800, centreHu: 250 };
    const context = { signal: new AbortController().signal, onProgress: () => {} };
    const { json, text } = await runPlanReformat(file, { output, turn: 90, window }, context);
    expect(readFileSync(output).subarray(1, 4).toString()).toBe('PNG');
    expect((json as { depthMm: number }).depthMm).toBeGreaterThan(23);
    expect(text).toContain('research use only');
    const elsewhere = runPlanReformat(file, { output, turn: 0, window, dicom: folder }, context);
    await expect(elsewhere).rejects.toThrow(/--dicom is for results/);
    const ofResult = runPlanReformat(folder, { output, turn: 0, window }, context);
    await expect(ofResult).rejects.toThrow(/--dicom DIR/);
  });

  it('is refused with points of a file, and of a file that is no saved work', async () => {
    await expect(runPlanProfile(file, { centreLine: 'line.json' })).rejects.toThrow(/--centre-line/);
    const other = join(folder, 'other.session');
    writeFileSync(other, 'no saved work');
    await expect(runPlanViews(other)).rejects.toThrow(/saved work/);
  });
});
