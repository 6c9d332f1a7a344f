import { describe, expect, it, vi } from 'vitest';
import { perpendicularBetaDegrees, workingView } from '#shared/anatomy/cArmView.ts';
import { measured } from '#shared/contract/testing/values.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { unpackSession } from '#shared/sessionArchive.ts';
import { runCommand } from '../keyboard/command.ts';
import { readSession } from '../sessions/sessionState.ts';
import { volume, workspaceInMemory } from './testing/workspaceInMemory.ts';
import { perpendicularAxes } from './viewStore.ts';

describe('workspace', () => {
  it('goes from files to a surface: scan, box, crop, result, each on the screen', async () => {
    const { workspace, viewer, crops, trail, turn } = workspaceInMemory();
    await workspace.start();
    await workspace.open([]);
    await turn();
    expect(viewer.scene().volume).toEqual(volume);
    expect(viewer.scene().banner).toContain('A B · 7');
    expect(viewer.scene().region).toEqual({
      box: { centreLpsMm: [10, 20, 30], edgeMm: 70 },
      editable: true,
    });
    expect(viewer.scene().crosshairLpsMm).toEqual([10, 20, 30]);
    await workspace.segment();
    // 110 mm of 2.5 mm voxels, both faces included.
    expect(crops).toMatchObject([{ sizeIjk: [45, 45, 45], originLpsMm: [-45, -35, -25] }]);
    expect(viewer.scene().mesh).toMatchObject({ visible: true });
    expect(viewer.scene().region).toBeNull();
    expect(trail).toEqual(['open', 'segment']);
    expect(workspace.sessions.store.getState().save.kind).toBe('unsaved');
    await workspace.sessions.flush();
  });

  it('restores saved work without the scan, and shows it in the scan when that is opened', async () => {
    const { workspace, viewer, kept, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    workspace.review.judge('accepted');
    await workspace.closeAll();
    expect(viewer.scene()).toMatchObject({ volume: null, mesh: null });
    const [id] = [...kept.keys()];
    await workspace.restoreSession(id!);
    expect(workspace.scan.getState().scan).toMatchObject({ extent: 'crop' });
    expect(workspace.review.store.getState()).toMatchObject({ verdict: 'accepted', steps: ['Accept'] });
    expect(viewer.scene().volume?.grid.sizeIjk).toEqual([45, 45, 45]);
    await workspace.segment();
    expect(workspace.review.store.getState().verdict).toBe('accepted');
    await workspace.open([]);
    await turn();
    expect(workspace.scan.getState().scan).toMatchObject({ extent: 'whole' });
    expect(viewer.scene().volume).toEqual(volume);
    expect(workspace.review.store.getState()).toMatchObject({ verdict: 'accepted', steps: ['Accept'] });
  });

  it('takes pictures and verdicts of the case under review, not of a phase that is played', async () => {
    const { workspace, services, turn } = workspaceInMemory();
    await workspace.start();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    const frame = { seriesId: 'b', label: '40 %', volume, appendage: null };
    const shown = () => workspace.phases.store.getState().frame;
    const screen = { openKeys: () => {}, openExport: () => {} };
    workspace.phases.store.setState({ frame });
    runCommand({ kind: 'accept' }, workspace, screen);
    expect([shown(), workspace.review.store.getState().verdict]).toEqual([null, 'not reviewed']);
    runCommand({ kind: 'accept' }, workspace, screen);
    expect(workspace.review.store.getState().verdict).toBe('accepted');
    workspace.phases.store.setState({ frame });
    const build = vi.spyOn(services.exporting, 'build').mockImplementation(() => {
      expect(shown()).toBeNull();
      return Promise.resolve({ files: [] });
    });
    await workspace.exportNow();
    expect(build).toHaveBeenCalledTimes(1);
    await workspace.sessions.flush();
  });

  it('exports the marks that its numbers follow, where they change while the numbers are made', async () => {
    const { workspace, services, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    const mark = (z: number): void => {
      const { marks } = workspace.review.store.getState();
      workspace.review.mark(
        { name: 'Move', marks: { ...marks, centreLine: [[0, 0, z]] }, plane: null },
        true,
      );
    };
    const usual = services.planning.profile;
    let calls = 0;
    services.planning.profile = async (request) => {
      calls += 1;
      if (calls === 1) {
        await turn();
        await turn();
        mark(2);
      }
      return usual(request);
    };
    const exported: unknown[] = [];
    services.exporting.build = ({ marks }) => {
      exported.push(marks?.centreLine);
      return Promise.resolve({ files: [] });
    };
    mark(1);
    await workspace.exportNow();
    expect(exported).toEqual([[[0, 0, 2]]]);
    await workspace.sessions.flush();
  });

  it('exports on the grid of the whole scan, from saved work without the scan too', async () => {
    const { workspace, services, kept, turn } = workspaceInMemory();
    const grids: (GridLps | null)[] = [];
    services.exporting.build = ({ scanGrid }) => {
      grids.push(scanGrid);
      return Promise.reject(new UserError(failure('stored.sentence', { sentence: 'Enough.' })));
    };
    workspace.exporting.change({ documents: [] });
    await workspace.open([]);
    await turn();
    await workspace.segment();
    await workspace.exportNow();
    await workspace.closeAll();
    await workspace.restoreSession([...kept.keys()][0]!);
    expect(workspace.scan.getState().scan).toMatchObject({ extent: 'crop' });
    await workspace.exportNow();
    expect(grids).toEqual([volume.grid, volume.grid]);
  });

  it('keeps everything when segmenting fails, and says why', async () => {
    const { workspace, services, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    services.segmentation.segment = () =>
      Promise.reject(
        new UserError(failure('stored.sentence', { sentence: 'There is no contrast in the left atrium.' })),
      );
    await workspace.segment();
    expect(workspace.review.store.getState().current).toBeNull();
    expect(workspace.scan.getState().scan).toMatchObject({ extent: 'whole' });
    expect(workspace.alerts.store.getState().alerts).toMatchObject([
      { kind: 'error', message: 'There is no contrast in the left atrium.' },
    ]);
  });

  it('segments by key once, and never replaces a result by a key', async () => {
    const { workspace, crops, turn } = workspaceInMemory();
    const screen = { openKeys: () => {}, openExport: () => {} };
    await workspace.open([]);
    await turn();
    runCommand({ kind: 'segment' }, workspace, screen);
    runCommand({ kind: 'segment' }, workspace, screen);
    for (let at = 0; at < 10; at++) await turn();
    expect(workspace.review.store.getState().current).not.toBeNull();
    runCommand({ kind: 'segment' }, workspace, screen);
    for (let at = 0; at < 10; at++) await turn();
    expect(crops).toHaveLength(1);
    await workspace.sessions.flush();
  });

  it('selects the brush only where there is a result to edit, and the crosshair again by Esc', async () => {
    const { workspace, turn } = workspaceInMemory();
    const screen = { openKeys: () => {}, openExport: () => {} };
    const tool = () => workspace.view.store.getState().tool;
    await workspace.open([]);
    await turn();
    runCommand({ kind: 'tool', tool: 'brush' }, workspace, screen);
    expect(tool()).toBe('crosshair');
    await workspace.segment();
    runCommand({ kind: 'tool', tool: 'brush' }, workspace, screen);
    expect(tool()).toBe('brush');
    runCommand({ kind: 'brushSize', steps: 2 }, workspace, screen);
    expect(workspace.view.store.getState().brushRadiusMm).toBe(4);
    runCommand({ kind: 'cancel' }, workspace, screen);
    expect(tool()).toBe('crosshair');
    await workspace.sessions.flush();
  });

  it('turns the C-arm with the 3D view in its step, and frees the view where the tab is left', async () => {
    const { workspace, viewer, turn } = workspaceInMemory();
    const screen = { openKeys: () => {}, openExport: () => {} };
    const { cArm, guide, review } = workspace;
    await workspace.open([]);
    await turn();
    runCommand({ kind: 'linkCArm' }, workspace, screen);
    expect(guide.store.getState().step).toBeNull();
    await workspace.segment();
    const axis: [number, number, number] = [0.6, -0.6, 0.53];
    const { appendage } = review.store.getState();
    const ostium = { ...measured.measurements.ostium!, normal: axis };
    review.store.setState({
      appendage: { ...appendage!, measurements: { ...measured.measurements, ostium } },
    });
    expect(viewer.scene().cArm).toBeNull();
    runCommand({ kind: 'linkCArm' }, workspace, screen);
    expect(guide.store.getState()).toMatchObject({ step: 'cArm', tab: 'plan' });
    expect(viewer.scene().cArm).toEqual(workingView(axis));
    // Turned in 3D it is free; turned by the slider it is perpendicular, and the 3D view goes with it.
    viewer.events().onCArm({ alphaDegrees: 12, betaDegrees: -7 });
    expect(cArm.store.getState()).toMatchObject({
      view: { alphaDegrees: 12, betaDegrees: -7 },
      isChosen: true,
    });
    expect(viewer.scene().cArm).toEqual({ alphaDegrees: 12, betaDegrees: -7 });
    cArm.turnAlong(25);
    const { betaDegrees } = viewer.scene().cArm!;
    expect(betaDegrees).toBeCloseTo(perpendicularBetaDegrees(axis, 25), 9);
    runCommand({ kind: 'linkCArm' }, workspace, screen);
    expect(viewer.scene().cArm).toBeNull();
    expect(cArm.store.getState().view).toEqual({ alphaDegrees: 25, betaDegrees });
    cArm.link(true);
    guide.chooseTab('measures');
    expect(viewer.scene().cArm).toBeNull();
    guide.go('cArm');
    expect(viewer.scene().cArm).not.toBeNull();
    guide.go('landingZone');
    expect(viewer.scene().cArm).toBeNull();
    // Of another case, nothing is chosen.
    await workspace.segment();
    expect(cArm.store.getState()).toMatchObject({ isChosen: false, isLinked: false });
    await workspace.sessions.flush();
  });

  it('takes pictures of all panes without handles, and shows everything again as it was', async () => {
    const { workspace, viewer, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    workspace.view.change({ layout: 'axial', tool: 'brush' });
    const before = viewer.scene();
    const pictures = await workspace.viewer.pictures();
    expect(pictures.map(({ caption }) => caption)).toEqual([
      'Axial plane',
      'Coronal plane',
      'Sagittal plane',
      'Surface with the ostium',
    ]);
    expect(viewer.captured()).toEqual([
      { layout: 'quad', editable: false },
      { layout: 'quad', editable: false },
      { layout: 'quad', editable: false },
      { layout: 'quad', editable: false },
    ]);
    expect(viewer.scene()).toEqual(before);
    await workspace.sessions.flush();
    workspace.view.change({ axes: perpendicularAxes([0.6, 0, 0.8], workspace.view.store.getState().axes) });
    expect((await workspace.viewer.pictures())[0]?.caption).toBe('Oblique axial plane');
  });

  it('saves a verdict at once, given, withdrawn or undone', async () => {
    const { workspace, kept, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    const keptVerdict = async () => {
      for (let at = 0; at < 10; at++) await turn();
      const [state] = [...kept.values()];
      return state && readSession(unpackSession(state)).saved.verdict;
    };
    workspace.review.judge('accepted');
    expect(await keptVerdict()).toBe('accepted');
    workspace.review.judge('not reviewed');
    expect(await keptVerdict()).toBe('not reviewed');
    workspace.undoing.undo();
    expect(await keptVerdict()).toBe('accepted');
  });

  it('asks once who reviews, and keeps the name with the verdict through undo, save and export', async () => {
    const { workspace, settings, services, kept, turn } = workspaceInMemory();
    await services.app.changeSettings({ reviewer: '' });
    await workspace.start();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    const reviewed = () => workspace.review.store.getState();
    workspace.judge('accepted');
    expect(reviewed().verdict).toBe('not reviewed');
    expect(workspace.about.getState().awaitedVerdict).toBe('accepted');
    await workspace.nameReviewer('Dr Poe');
    expect(settings().reviewer).toBe('Dr Poe');
    expect(reviewed()).toMatchObject({ verdict: 'accepted', reviewedBy: { reviewer: 'Dr Poe' } });
    // Not asked again.
    workspace.judge('rejected');
    expect(reviewed()).toMatchObject({ verdict: 'rejected', reviewedBy: { reviewer: 'Dr Poe' } });
    workspace.judge('not reviewed');
    expect(reviewed().reviewedBy).toBeNull();
    workspace.undoing.undo();
    workspace.undoing.undo();
    expect(reviewed()).toMatchObject({ verdict: 'accepted', reviewedBy: { reviewer: 'Dr Poe' } });
    const asked: unknown[] = [];
    services.exporting.build = ({ review, reviewedBy }) => {
      asked.push([review, reviewedBy?.reviewer]);
      return Promise.resolve({ files: [] });
    };
    await workspace.exportNow();
    expect(asked).toEqual([['accepted', 'Dr Poe']]);
    await workspace.closeAll();
    await workspace.restoreSession([...kept.keys()][0]!);
    expect(reviewed()).toMatchObject({ verdict: 'accepted', reviewedBy: { reviewer: 'Dr Poe' } });
  });

  it('forgets what was said of a case when the next one is shown', async () => {
    const { workspace, services, kept, turn } = workspaceInMemory();
    services.exporting.build = () =>
      Promise.reject(new UserError(failure('stored.sentence', { sentence: 'The disk is full.' })));
    workspace.exporting.change({ documents: [] });
    await workspace.open([]);
    await turn();
    await workspace.segment();
    await workspace.exportNow();
    expect(workspace.exporting.store.getState().failure).not.toBeNull();
    expect(workspace.alerts.store.getState().alerts).toHaveLength(1);
    await workspace.closeAll();
    expect(workspace.exporting.store.getState().failure).toBeNull();
    expect(workspace.alerts.store.getState().alerts).toEqual([]);
    await workspace.restoreSession([...kept.keys()][0]!);
    await workspace.exportNow();
    await workspace.restoreSession([...kept.keys()][0]!);
    expect(workspace.exporting.store.getState().failure).toBeNull();
    expect(workspace.alerts.store.getState().alerts).toEqual([]);
  });

  it('shows what another window saved where a person chooses that', async () => {
    const { workspace, services, kept, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    workspace.review.judge('accepted');
    for (let at = 0; at < 10; at++) await turn();
    const [id] = [...kept.keys()];
    const theirs = { id: id!, title: '', seriesInstanceUid: '', savedAt: '2025-01-02T00:00:00.000Z' };
    services.sessions.list = () => Promise.resolve([theirs]);
    services.sessions.save = () =>
      Promise.reject(new UserError(failure('storage.session-saved-elsewhere', { savedAt: theirs.savedAt })));
    workspace.review.judge('rejected');
    for (let at = 0; at < 10; at++) await turn();
    expect(workspace.sessions.store.getState().conflict).toMatchObject({
      id,
      theirs,
      mine: { state: 'rejected' },
    });
    await workspace.takeOtherWindows();
    expect(workspace.review.store.getState().verdict).toBe('accepted');
    expect(workspace.sessions.isSafe()).toBe(true);
  });

  it('cancels a segmentation when its scan is closed', async () => {
    const { workspace, services, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    let signal: AbortSignal | undefined;
    services.segmentation.segment = (_, options) => {
      signal = options?.signal;
      return new Promise((_resolve, reject) =>
        signal!.addEventListener('abort', () => reject(new CancelledError())),
      );
    };
    const segmenting = workspace.segment();
    await turn();
    expect(signal?.aborted).toBe(false);
    await workspace.closeAll();
    await segmenting;
    expect(signal?.aborted).toBe(true);
    expect(workspace.review.store.getState().current).toBeNull();
    expect(workspace.alerts.store.getState().alerts).toEqual([]);
  });
});
