import { describe, expect, it } from 'vitest';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { EXAMPLE_SCENE } from '../../viewer/testing/exampleHost.ts';
import type { ViewerScene } from '../../viewer/types.ts';
import { bannerOf } from './scanStore.ts';
import { changedParts } from './sceneOf.ts';
import { workspaceInMemory } from './testing/workspaceInMemory.ts';

const volume = {
  grid: { sizeIjk: [1, 1, 1], originLpsMm: [0, 0, 0], spacingMm: [1, 1, 1], directions: LPS_AXES },
  data: new Int16Array(1),
} as const;

const scene: ViewerScene = { ...EXAMPLE_SCENE, volume, crosshairLpsMm: [1, 2, 3] };

describe('bannerOf', () => {
  const nobody = { name: '', id: '', birthDate: '', sex: '', studyDate: '', studyDescription: '' };
  const slices = {
    columns: 1,
    rows: 1,
    spacingMm: [1, 1] as const,
    directions: LPS_AXES,
    positionsLpsMm: [[0, 0, 0] as const],
  };

  it('says in every view what was done to the slices', () => {
    const patient = { ...nobody, name: 'DOE^JANE' };
    expect(bannerOf(patient, false)).toBe('DOE JANE');
    const correction = { slices, tiltDegrees: 18.46, isResampled: true };
    expect(bannerOf(patient, false, correction)).toBe('DOE JANE · tilt of 18.5° corrected, resampled');
    expect(bannerOf(nobody, false, { ...correction, tiltDegrees: 0 })).toBe('No patient data · resampled');
  });
});

describe('the banner of every view', () => {
  it('says where the scan cuts the appendage', async () => {
    const { workspace, viewer, services, turn } = workspaceInMemory();
    const { segment } = services.segmentation;
    services.segmentation.segment = async (...call) => ({ ...(await segment(...call)), isCut: true });
    await workspace.open([]);
    await turn();
    expect(viewer.scene().banner).not.toContain('truncated');
    await workspace.segment();
    expect(viewer.scene().banner).toMatch(/^A B · 7 .*appendage truncated by the scan$/);
    await workspace.sessions.flush();
  });
});

describe('the surface', () => {
  it('is opaque at first, and seen through where something lies in it', async () => {
    const { workspace, viewer, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    expect(viewer.scene().mesh?.opacity).toBe(1);
    const { current } = workspace.review.store.getState();
    workspace.review.store.setState({ current: { ...current!, unfilled: current!.original.closed } });
    await turn();
    expect(viewer.scene().mesh?.opacity).toBe(0.9);
    await workspace.sessions.flush();
  });
});

describe('two results side by side', () => {
  it('are each named, for they look alike', async () => {
    const { workspace, viewer, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    await workspace.comparison.withOriginal();
    workspace.comparison.change({ isSideBySide: true });
    await turn();
    expect(viewer.scene().mesh?.name).toBe('Current');
    expect(viewer.scene().beside).toMatchObject([{ place: 'right', name: 'Other: As first segmented' }]);
    await workspace.sessions.flush();
  });
});

describe('changedParts', () => {
  it('is null for equal scenes of different objects', () => {
    expect(
      changedParts(scene, { ...scene, window: { ...scene.window }, crosshairLpsMm: [1, 2, 3] }),
    ).toBeNull();
  });

  it('names exactly what changed', () => {
    const after: ViewerScene = { ...scene, crosshairLpsMm: [1, 2, 4], tool: 'brush' };
    expect(changedParts(scene, after)).toEqual({ crosshairLpsMm: [1, 2, 4], tool: 'brush' });
  });

  it('compares voxel arrays by identity, for their contents are too many to compare', () => {
    const other = { ...volume, data: new Int16Array(1) };
    expect(changedParts(scene, { ...scene, volume: other })).toEqual({ volume: other });
    expect(changedParts(scene, { ...scene, volume: { ...volume } })).toBeNull();
  });

  it('sees a part that comes and goes', () => {
    const region = { box: { centreLpsMm: [0, 0, 0], edgeMm: 70 }, editable: true } as const;
    expect(changedParts(scene, { ...scene, region })).toEqual({ region });
    expect(changedParts({ ...scene, region }, scene)).toEqual({ region: null });
  });
});
