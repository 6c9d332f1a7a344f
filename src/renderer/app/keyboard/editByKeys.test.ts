import { describe, expect, it } from 'vitest';
import { workspaceInMemory } from '../workspace/testing/workspaceInMemory.ts';
import { runCommand } from './command.ts';
import { nudged } from './editByKeys.ts';

const plane = { pointLpsMm: [1, 2, 3], normal: [0, 0, 1] } as const;
const screen = { openKeys: () => {}, openExport: () => {} };

async function segmented() {
  const built = workspaceInMemory();
  await built.workspace.open([]);
  await built.turn();
  await built.workspace.segment();
  return built;
}

describe('the ostial plane by keys', () => {
  it('moves along its normal and tilts about an axis of the patient', () => {
    expect(nudged(plane, { kind: 'moveOstium', distalMm: -0.5 })).toEqual({
      pointLpsMm: [1, 2, 2.5],
      normal: [0, 0, 1],
    });
    const { normal, pointLpsMm } = nudged(plane, { kind: 'tiltOstium', about: 'left', degrees: 90 });
    expect(pointLpsMm).toEqual([1, 2, 3]);
    expect(normal.map((value) => Math.round(value) + 0)).toEqual([0, -1, 0]);
    // About its own direction nothing changes.
    expect(nudged(plane, { kind: 'tiltOstium', about: 'superior', degrees: 30 }).normal[2]).toBeCloseTo(1);
  });

  it('is one step of undo, however many keys were pressed', async () => {
    const { workspace, turn } = await segmented();
    const before = workspace.review.store.getState().plane!;
    for (let press = 0; press < 4; press++)
      runCommand({ kind: 'moveOstium', distalMm: 0.5 }, workspace, screen);
    expect(workspace.review.store.getState().steps).toEqual([]);
    await workspace.review.settled();
    await turn();
    expect(workspace.review.store.getState()).toMatchObject({
      steps: ['Move ostium plane'],
      amounts: ['2.0 mm'],
    });
    expect(workspace.undoing.store.getState().undo).toBe('Move ostium plane 2.0 mm');
    workspace.undoing.undo();
    expect(workspace.review.store.getState().plane).toEqual(before);
    await workspace.sessions.flush();
  });
});

describe('painting by keys', () => {
  it('moves the crosshair in the active plane and paints at it', async () => {
    const { workspace, turn } = await segmented();
    workspace.view.change({ crosshairLpsMm: [10, 20, 30] });
    runCommand({ kind: 'moveCrosshair', rightMm: 1, downMm: -2 }, workspace, screen);
    expect(workspace.view.store.getState().crosshairLpsMm).toEqual([11, 18, 30]);
    // No tool to paint with.
    runCommand({ kind: 'dab' }, workspace, screen);
    expect(workspace.review.store.getState().steps).toEqual([]);
    workspace.view.change({ tool: 'brush' });
    runCommand({ kind: 'dab' }, workspace, screen);
    expect(workspace.review.store.getState().steps).toEqual(['Brush']);
    expect(workspace.review.store.getState().amounts[0]).toMatch(/ mL$/);
    await workspace.review.settled();
    await turn();
    await workspace.sessions.flush();
  });
});
