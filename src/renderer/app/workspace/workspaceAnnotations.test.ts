import { describe, expect, it } from 'vitest';
import type { AnnotationShape } from '#shared/contract/annotations.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { distance, dot } from '#shared/geometry/vec3.ts';
import { annotationCommandForKey } from '../keyboard/annotationKeys.ts';
import { runCommand } from '../keyboard/command.ts';
import { workspaceInMemory } from './testing/workspaceInMemory.ts';
import { STRAIGHT } from './viewStore.ts';

const PLANE = { pointLpsMm: [0, 0, 2], normal: [0, 0, 1] } as const;
const RULER: AnnotationShape = {
  kind: 'ruler',
  pointsLpsMm: [
    [0, 0, 2],
    [3, 4, 2],
  ],
};
const screen = { openKeys: () => {}, openExport: () => {} };
const press = (key: string) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false });

async function opened() {
  const built = workspaceInMemory();
  await built.workspace.open([]);
  await built.turn();
  const names = () => built.workspace.annotations.store.getState().list.map(({ name }) => name);
  const draw = () => built.viewer.events().onAnnotation({ kind: 'drawn', shape: RULER, plane: PLANE });
  return { ...built, names, draw };
}

describe('what is drawn in the planes', () => {
  it('is undone and redone before there is a segmentation, and stays when there is one', async () => {
    const { workspace, viewer, names, draw } = await opened();
    draw();
    expect(viewer.scene().annotations.list.map(({ name }) => name)).toEqual(['Ruler 1']);
    expect(workspace.undoing.store.getState().undo).toBe('Draw ruler');
    workspace.undoing.undo();
    expect(names()).toEqual([]);
    workspace.undoing.redo();
    await workspace.segment();
    expect(names()).toEqual(['Ruler 1']);
    await workspace.sessions.flush();
  });

  it('is kept with a scan that is not segmented, and goes over to the work when it is', async () => {
    const { workspace, kept, names, draw, turn } = await opened();
    const saved = () =>
      (workspace.sessions.store.getState().list ?? []).map(({ overview }) => overview?.state);
    draw();
    draw();
    await workspace.closeAll();
    expect(names()).toEqual([]);
    expect(saved()).toEqual(['drawn']);
    // Not by itself: it is drawn on a scan.
    await workspace.restoreSession([...kept.keys()][0]!);
    expect(workspace.alerts.store.getState().alerts.at(-1)?.message).toMatch(/Open the scan/);
    await workspace.open([]);
    for (let at = 0; at < 5; at++) await turn();
    expect(names()).toEqual(['Ruler 1', 'Ruler 2']);
    await workspace.segment();
    await workspace.sessions.flush();
    for (let at = 0; at < 5; at++) await turn();
    expect(saved()).toEqual(['segmented']);
    expect(kept.size).toBe(1);
    const [id] = kept.keys();
    await workspace.closeAll();
    await workspace.open([]);
    for (let at = 0; at < 5; at++) await turn();
    expect(names()).toEqual([]);
    await workspace.restoreSession(id!);
    expect(names()).toEqual(['Ruler 1', 'Ruler 2']);
  });

  it('does not come back where all of it was deleted before there was a segmentation', async () => {
    const { workspace, kept, names, draw, turn } = await opened();
    draw();
    await workspace.sessions.flush();
    expect(kept.size).toBe(1);
    workspace.annotations.removeAll();
    await workspace.closeAll();
    expect(kept.size).toBe(0);
    await workspace.open([]);
    for (let at = 0; at < 5; at++) await turn();
    expect(names()).toEqual([]);
    expect(workspace.sessions.store.getState().list).toEqual([]);
  });

  it('is asked about where another window drew more since, before all of it is removed', async () => {
    const { workspace, services, kept, names, draw, turn } = await opened();
    draw();
    await workspace.sessions.flush();
    const [id] = kept.keys();
    const asked: unknown[] = [];
    const { remove } = services.sessions;
    const savedAt = '2025-01-02T00:00:00.000Z';
    const [saved] = workspace.sessions.store.getState().list ?? [];
    services.sessions.list = () => Promise.resolve([{ ...saved!, savedAt }]);
    services.sessions.remove = ({ id: gone, basedOn }) => {
      asked.push(basedOn);
      if (basedOn === savedAt) return remove({ id: gone });
      return Promise.reject(new UserError(failure('storage.session-saved-elsewhere', { savedAt })));
    };
    workspace.annotations.removeAll();
    await workspace.sessions.flush();
    expect(workspace.sessions.store.getState().conflict).toMatchObject({ id, mine: null });
    expect(kept.size).toBe(1);
    expect(names()).toEqual([]);
    await workspace.sessions.keepMine();
    await turn();
    expect(asked).toEqual([saved!.savedAt, savedAt]);
    expect(kept.size).toBe(0);
  });

  it('stays where another window drew more since, when it is handed over to the work', async () => {
    const { workspace, services, draw, turn } = await opened();
    draw();
    await workspace.sessions.flush();
    const asked: unknown[] = [];
    const [saved] = workspace.sessions.store.getState().list ?? [];
    services.sessions.remove = ({ basedOn }) => {
      asked.push(basedOn);
      return Promise.reject(
        new UserError(failure('storage.session-saved-elsewhere', { savedAt: '2025-01-02T00:00:00.000Z' })),
      );
    };
    await workspace.segment();
    await workspace.sessions.flush();
    await turn();
    expect(asked).toEqual([saved!.savedAt]);
    const states = workspace.sessions.store.getState().list?.map(({ overview }) => overview?.state);
    expect(states?.sort()).toEqual(['drawn', 'segmented']);
  });

  it('stays where it was drawn while slices arrived', async () => {
    const { workspace, reader, viewer, turn } = workspaceInMemory();
    const { load } = reader;
    reader.load = (...what) => {
      const loaded = load(...what);
      viewer.events().onAnnotation({ kind: 'drawn', shape: RULER, plane: PLANE });
      return loaded;
    };
    await workspace.open([]);
    await turn();
    expect(workspace.scan.getState().scan?.extent).toBe('whole');
    expect(workspace.annotations.store.getState().list).toHaveLength(1);
    await workspace.sessions.flush();
  });

  it('is a step of the work that leaves verdict and edits alone, and comes back with it', async () => {
    const { workspace, names, draw } = await opened();
    await workspace.segment();
    workspace.review.judge('accepted', { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' });
    draw();
    draw();
    const { verdict, edits, steps, amounts } = workspace.review.store.getState();
    expect({ verdict, edits }).toEqual({ verdict: 'accepted', edits: [] });
    expect([steps.at(-1), amounts.at(-1)]).toEqual(['Draw ruler', '5.0 mm']);
    workspace.undoing.undo();
    expect(names()).toEqual(['Ruler 1']);
    await workspace.closeAll();
    expect(names()).toEqual([]);
    const [saved] = workspace.sessions.store.getState().list ?? [];
    await workspace.restoreSession(saved!.id);
    expect(names()).toEqual(['Ruler 1']);
    workspace.undoing.redo();
    expect(names()).toEqual(['Ruler 1', 'Ruler 2']);
    workspace.undoing.undo();
    workspace.undoing.undo();
    expect(names()).toEqual([]);
    await workspace.sessions.flush();
  });

  it('is shown again: a pane lies in its plane, straight or oblique', async () => {
    const { workspace, viewer, draw } = await opened();
    draw();
    const { list } = workspace.annotations.store.getState();
    const [drawn] = list;
    workspace.view.change({ layout: 'sagittal', crosshairLpsMm: [9, 9, 9] });
    workspace.showAnnotation(drawn!);
    expect(viewer.scene()).toMatchObject({ layout: 'quad', axes: STRAIGHT });
    expect(viewer.scene().crosshairLpsMm[2]).toBeCloseTo(2, 9);
    const normal = [0, 0.6, 0.8] as const;
    workspace.showAnnotation({ ...drawn!, plane: { pointLpsMm: [0, 0, 2], normal } });
    expect(dot(viewer.scene().axes[2], normal)).toBeCloseTo(1, 12);
    workspace.showAnnotation(drawn!);
    expect(viewer.scene().axes).toEqual(STRAIGHT);
    expect(distance(viewer.scene().axes[0], [1, 0, 0])).toBe(0);
  });

  it('follows keys: Delete removes it, Esc leaves the tool and then what is selected', async () => {
    const { workspace, names, draw } = await opened();
    workspace.view.change({ tool: 'ruler' });
    draw();
    draw();
    const selected = () => workspace.annotations.store.getState().selected;
    const type = (key: string): void => {
      const command = annotationCommandForKey(press(key), 'none');
      if (command) runCommand(command, workspace, screen);
    };
    type('.');
    expect(selected()?.handle).toBe(0);
    type('Delete');
    expect(names()).toEqual(['Ruler 1']);
    draw();
    runCommand({ kind: 'cancel' }, workspace, screen);
    expect(workspace.view.store.getState().tool).toBe('crosshair');
    expect(selected()).not.toBeNull();
    runCommand({ kind: 'cancel' }, workspace, screen);
    expect(selected()).toBeNull();
    runCommand({ kind: 'deleteAnnotation' }, workspace, screen);
    expect(names()).toEqual(['Ruler 1', 'Ruler 2']);
    expect(annotationCommandForKey(press('Delete'), 'text')).toBeNull();
    expect(annotationCommandForKey(press('ArrowLeft'), 'control')).toBeNull();
    expect(annotationCommandForKey(press('ArrowLeft'), 'none')).toMatchObject({ rightMm: -0.5, downMm: 0 });
  });
});
