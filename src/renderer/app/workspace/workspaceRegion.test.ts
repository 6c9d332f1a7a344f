import { describe, expect, it } from 'vitest';
import { workspaceInMemory } from './testing/workspaceInMemory.ts';

describe('the region in the workspace', () => {
  it('uses the box that a person draws in the viewer', async () => {
    const { workspace, viewer, crops, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    viewer.events().onRegion({ centreLpsMm: [0, 0, 0], edgeMm: 60 }, true);
    expect(viewer.scene().region?.box).toEqual({ centreLpsMm: [0, 0, 0], edgeMm: 60 });
    await workspace.segment();
    expect(crops).toMatchObject([{ originLpsMm: [-55, -55, -55] }]);
    await workspace.sessions.flush();
  });

  it('undoes and redoes changes of the box, by name, until there is a result', async () => {
    const { workspace, viewer, turn } = workspaceInMemory();
    const { undoing, regions } = workspace;
    const centre = () => regions.store.getState().region?.centreLpsMm;
    await workspace.open([]);
    await turn();
    expect(undoing.store.getState()).toEqual({ undo: null, redo: null });
    viewer.events().onRegion({ centreLpsMm: [1, 0, 0], edgeMm: 70 }, false);
    viewer.events().onRegion({ centreLpsMm: [2, 0, 0], edgeMm: 70 }, true);
    viewer.events().onRegion({ centreLpsMm: [2, 0, 0], edgeMm: 60 }, true);
    expect(undoing.store.getState()).toEqual({ undo: 'Resize region', redo: null });
    undoing.undo();
    expect(undoing.store.getState()).toEqual({ undo: 'Move region', redo: 'Resize region' });
    undoing.undo();
    expect(regions.store.getState()).toMatchObject({ status: 'found', region: { edgeMm: 70 } });
    expect(centre()).toEqual([10, 20, 30]);
    undoing.undo();
    expect(centre()).toEqual([10, 20, 30]);
    undoing.redo();
    expect(centre()).toEqual([2, 0, 0]);
    await workspace.segment();
    expect(undoing.store.getState()).toEqual({ undo: null, redo: null });
    await workspace.sessions.flush();
  });

  it('a box for the next segmentation is a step of the work under review, and is saved with it', async () => {
    const { workspace, viewer, turn } = workspaceInMemory();
    const { undoing, regions, review } = workspace;
    const edge = () => regions.store.getState().region?.edgeMm;
    await workspace.open([]);
    await turn();
    await workspace.segment();
    review.judge('accepted');
    viewer.events().onRegion({ centreLpsMm: [0, 0, 0], edgeMm: 60 }, true);
    // The result is the same, and so is the verdict on it.
    expect(review.store.getState()).toMatchObject({
      verdict: 'accepted',
      steps: ['Accept', 'Resize region'],
      edits: [],
      isRemaking: false,
    });
    undoing.undo();
    expect(edge()).toBe(70);
    expect(viewer.scene().region).toBeNull();
    undoing.redo();
    expect(edge()).toBe(60);
    await workspace.sessions.flush();
    const { id } = review.store.getState().current!;
    await workspace.closeAll();
    expect(undoing.store.getState()).toEqual({ undo: null, redo: null });
    await workspace.restoreSession(id);
    expect(edge()).toBe(60);
    expect(undoing.store.getState().undo).toMatch(/^Resize region .*−10 mm size$/);
    undoing.undo();
    expect(edge()).toBe(70);
    expect(viewer.scene().region).toBeNull();
    await workspace.sessions.flush();
  });
});
