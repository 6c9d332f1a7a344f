import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import type { SegmentedAppendage } from '#shared/contract/services/segmentation.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { CONNECTION_LOST, NOT_CONNECTED } from '#shared/rpc/failures.ts';
import type { AuricleConnection, LinkState } from '../../connection/index.ts';
import { exampleAppendage, exampleReport } from '../../features/review/testing/exampleCase.ts';
import type { LoadedSeries, SeriesEntry, StudyReader } from '../../features/studies/types.ts';
import type { Viewer, ViewerEvents, ViewerScene } from '../../viewer/types.ts';
import { compressPart, packSession, unpackSession } from '../../workers/sessionArchive.ts';
import { runCommand } from '../runCommand.ts';
import { createWorkspace } from './workspace.ts';

const grid: GridLps = {
  sizeIjk: [80, 80, 80],
  originLpsMm: [-100, -100, -100],
  spacingMm: [2.5, 2.5, 2.5],
  directions: LPS_AXES,
};
const volume = { grid, data: new Int16Array(80 ** 3).fill(40) };

const entry: SeriesEntry = {
  id: 'a',
  seriesInstanceUid: '1.2.3',
  studyInstanceUid: '1.2',
  description: 'CTA heart',
  details: '',
  sliceCount: 80,
  spacingMm: [2.5, 2.5, 2.5],
  patient: {
    name: 'A^B',
    id: '7',
    birthDate: '19500102',
    sex: 'F',
    studyDate: '20240102',
    studyDescription: '',
  },
  refusal: null,
  warnings: [],
  isPreselected: true,
};

const loadedSeries: LoadedSeries = {
  entry,
  volume,
  coarse: volume,
  source: exampleReport().source,
  warnings: ['Slices are thick.'],
};

const reader: StudyReader = {
  open: () => Promise.resolve({ series: [entry], skippedFiles: 0, problems: [] }),
  thumbnail: () => Promise.reject(new UserError('No picture.')),
  load: (_, __, onSlices) => {
    onSlices?.(volume, 0, 80);
    return Promise.resolve(loadedSeries);
  },
  close: () => {},
};

/** The main side in memory: answers at once, keeps sessions and the trail. */
function mainSide() {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const trail: string[] = [];
  const crops: GridLps[] = [];
  const engine: EngineStatus = { state: 'ready', id: 'onnx', device: 'CPU', remarks: [] };
  const services: AuricleClient = {
    app: {
      info: () =>
        Promise.resolve({ version: '0', target: 'web', notice: 'Research.', canSaveFiles: false, engine }),
      models: () => Promise.resolve([]),
      settings: () => Promise.resolve({ engine: 'auto', resolution: 128 }),
      changeSettings: (settings) => Promise.resolve(settings),
      audit: ({ kind }) => {
        trail.push(kind);
        return Promise.resolve({});
      },
      sample: () => Promise.resolve({ files: [{ name: '1.dcm', bytes: Uint8Array.of(1) }] }),
    },
    segmentation: {
      findRegion: () => Promise.resolve({ centreLpsMm: [10, 20, 30], edgeMm: 70, confidence: 0.9 }),
      segment: ({ crop }) => {
        crops.push(crop.grid);
        const result: SegmentedAppendage = {
          appendage: exampleAppendage({ ostiumPlane: { pointLpsMm: [10, 20, 25], normal: [0, 0, 1] } }),
          labels: { grid: crop.grid, data: new Uint8Array(crop.data.length).fill(1, 0, 5) },
          report: exampleReport(),
          isCut: false,
        };
        return Promise.resolve(result);
      },
    },
    meshing: {
      recut: ({ plane }) => Promise.resolve(exampleAppendage({ ostiumPlane: plane })),
      fromLabels: ({ plane }) => Promise.resolve(exampleAppendage({ ostiumPlane: plane })),
    },
    exporting: {
      build: () => Promise.resolve({ files: [{ name: 'a.stl', bytes: Uint8Array.of(1) }] }),
      save: () => Promise.resolve({ kind: 'dismissed' }),
    },
    sessions: {
      list: () => Promise.resolve([]),
      save: ({ summary, state }) => {
        kept.set(summary.id, state);
        return Promise.resolve({ ...summary, savedAt: '2025-01-01T00:00:00.000Z' });
      },
      load: ({ id }) => Promise.resolve({ state: kept.get(id)! }),
      remove: ({ id }) => {
        kept.delete(id);
        return Promise.resolve({});
      },
    },
  };
  const link = createStore<LinkState>(() => ({ kind: 'connected' }));
  const retry = vi.fn();
  const rpc: AuricleConnection = {
    services,
    on: () => () => {},
    onClose: () => () => {},
    link: { store: link, retry },
  };
  return { rpc, link, retry, services, kept, trail, crops };
}

/** A viewer that keeps what it is shown. */
function fakeViewer() {
  let scene: ViewerScene | undefined;
  let events: ViewerEvents | undefined;
  const captured: { layout: string | undefined; editable: boolean | undefined }[] = [];
  const createViewer = (_: unknown, given: ViewerEvents, first: ViewerScene): Viewer => {
    scene = first;
    events = given;
    return {
      show: (parts) => {
        scene = { ...scene!, ...parts };
      },
      touchLabels: () => {},
      scroll: () => {},
      resetCameras: () => {},
      frameCube: () => {},
      activePane: () => 'axial',
      capture: () => {
        captured.push({ layout: scene?.layout, editable: scene?.ostium?.editable });
        return Promise.resolve(Uint8Array.of(137));
      },
      settled: () => Promise.resolve(),
      graphics: () => ({ name: 'none', isSoftware: true }),
      dispose: () => {},
    };
  };
  return { createViewer, scene: () => scene!, events: () => events!, captured: () => captured };
}

function build() {
  const main = mainSide();
  const viewer = fakeViewer();
  const memory = new Map<string, string>();
  const workspace = createWorkspace({
    rpc: main.rpc,
    reader,
    createViewer: viewer.createViewer,
    archiver: {
      pack: async (parts) => packSession(parts),
      compress: async (bytes) => compressPart(bytes),
      unpack: async (archive) => unpackSession(archive),
      close: () => {},
    },
    memory: {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
    },
  });
  // The fake viewer never looks at its element.
  workspace.viewer.attach({} as HTMLElement);
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { workspace, viewer, ...main, turn };
}

describe('workspace', () => {
  it('goes from files to a surface: scan, box, crop, result, each on the screen', async () => {
    const { workspace, viewer, crops, trail, turn } = build();
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

  it('gives saved work back without the scan, and puts it into the scan when that is opened', async () => {
    const { workspace, viewer, kept, turn } = build();
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

  it('exports on the grid of the whole scan, from saved work without the scan too', async () => {
    const { workspace, services, kept, turn } = build();
    const grids: (GridLps | null)[] = [];
    const exporting: { build: AuricleClient['exporting']['build'] } = services.exporting;
    exporting.build = ({ scanGrid }) => {
      grids.push(scanGrid);
      return Promise.reject(new UserError('Enough.'));
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
    const { workspace, services, turn } = build();
    await workspace.open([]);
    await turn();
    const segmentation: { segment: AuricleClient['segmentation']['segment'] } = services.segmentation;
    segmentation.segment = () => Promise.reject(new UserError('There is no contrast in the left atrium.'));
    await workspace.segment();
    expect(workspace.review.store.getState().current).toBeNull();
    expect(workspace.scan.getState().scan).toMatchObject({ extent: 'whole' });
    expect(workspace.alerts.store.getState().alerts).toMatchObject([
      { kind: 'error', message: 'There is no contrast in the left atrium.' },
    ]);
  });

  it('segments by key once, and never puts a result away by a slip of the finger', async () => {
    const { workspace, crops, turn } = build();
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

  it('takes a pen only where there is something to draw on, and puts it away by Esc', async () => {
    const { workspace, turn } = build();
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

  it('takes pictures of all panes without handles, and shows everything again as it was', async () => {
    const { workspace, viewer, turn } = build();
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
  });

  it('gives a segmentation up when its scan is closed', async () => {
    const { workspace, services, turn } = build();
    await workspace.open([]);
    await turn();
    const segmentation: { segment: AuricleClient['segmentation']['segment'] } = services.segmentation;
    let signal: AbortSignal | undefined;
    segmentation.segment = (_, options) => {
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

  it('keeps the work while there is no connection, says once what to do, and saves when it is back', async () => {
    const { workspace, services, link, retry, kept, trail, turn } = build();
    const service: Pick<AuricleClient['app'], 'audit' | 'info'> = services.app;
    const sessions: Pick<AuricleClient['sessions'], 'save'> = services.sessions;
    const alerts = () => workspace.alerts.store.getState().alerts.map(({ message }) => message);
    await workspace.start();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    const { save } = sessions;
    const { audit, info } = service;
    sessions.save = () => Promise.reject(new UserError(NOT_CONNECTED));
    service.audit = () => Promise.reject(new UserError(NOT_CONNECTED));
    link.setState({ kind: 'trying', message: null }, true);
    expect(workspace.about.getState().link).toBe('trying');
    expect(alerts()).toEqual([]);
    for (let attempt = 0; attempt < 3; attempt++) {
      link.setState({ kind: 'waiting', message: 'Start Auricle again.' }, true);
      link.setState({ kind: 'trying', message: 'Start Auricle again.' }, true);
    }
    expect(alerts()).toEqual(['Start Auricle again.']);
    workspace.review.judge('accepted');
    await workspace.sessions.flush();
    expect(workspace.sessions.store.getState().save).toEqual({ kind: 'failed', message: NOT_CONNECTED });
    workspace.reconnect();
    expect(retry).toHaveBeenCalledOnce();
    const recorded = trail.length;
    sessions.save = save;
    service.audit = audit;
    service.info = async (params) => ({
      ...(await info(params)),
      engine: { state: 'starting', id: 'onnx', device: '', remarks: [] },
    });
    link.setState({ kind: 'connected' }, true);
    await turn();
    await turn();
    expect(alerts()).toEqual([]);
    expect(workspace.about.getState()).toMatchObject({ link: 'connected', engine: { state: 'starting' } });
    expect(workspace.sessions.store.getState().save.kind).toBe('saved');
    expect(kept.size).toBe(1);
    expect(trail.slice(recorded)).toEqual(['edit', 'review']);
  });

  it('looks for the appendage again where the connection was lost meanwhile', async () => {
    const { workspace, services, link, turn } = build();
    const segmentation: Pick<AuricleClient['segmentation'], 'findRegion'> = services.segmentation;
    const { findRegion } = segmentation;
    segmentation.findRegion = () => Promise.reject(new UserError(CONNECTION_LOST));
    await workspace.open([]);
    await turn();
    expect(workspace.regions.store.getState().status).toBe('notFound');
    segmentation.findRegion = findRegion;
    link.setState({ kind: 'trying', message: null }, true);
    link.setState({ kind: 'connected' }, true);
    await turn();
    expect(workspace.regions.store.getState().status).toBe('found');
  });

  it('says once that the audit trail cannot be written, and goes on', async () => {
    const { workspace, services, turn } = build();
    const service: Pick<AuricleClient['app'], 'audit'> = services.app;
    service.audit = () =>
      Promise.reject(new UserError('The audit trail could not be kept: the disk is full.'));
    await workspace.open([]);
    await turn();
    await workspace.segment();
    await turn();
    const alerts = workspace.alerts.store.getState().alerts;
    expect(alerts).toMatchObject([
      {
        kind: 'notice',
        message: 'The audit trail could not be kept: the disk is full. Your work goes on without it.',
      },
    ]);
    workspace.alerts.dismiss(alerts[0]!.id);
    workspace.review.judge('accepted');
    await turn();
    expect(workspace.alerts.store.getState().alerts).toEqual([]);
    await workspace.sessions.flush();
  });

  it('takes the box that a person draws in the viewer', async () => {
    const { workspace, viewer, crops, turn } = build();
    await workspace.open([]);
    await turn();
    viewer.events().onRegion({ centreLpsMm: [0, 0, 0], edgeMm: 60 }, true);
    expect(viewer.scene().region?.box).toEqual({ centreLpsMm: [0, 0, 0], edgeMm: 60 });
    await workspace.segment();
    expect(crops).toMatchObject([{ originLpsMm: [-55, -55, -55] }]);
    await workspace.sessions.flush();
  });

  it('takes changes of the box back and does them again, by name, until there is a result', async () => {
    const { workspace, viewer, turn } = build();
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
    const { workspace, viewer, turn } = build();
    const { undoing, regions, review } = workspace;
    const edge = () => regions.store.getState().region?.edgeMm;
    await workspace.open([]);
    await turn();
    await workspace.segment();
    review.judge('accepted');
    viewer.events().onRegion({ centreLpsMm: [0, 0, 0], edgeMm: 60 }, true);
    // The result is the same, and so is what was said of it.
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
    expect(undoing.store.getState().undo).toBe('Resize region');
    undoing.undo();
    expect(edge()).toBe(70);
    expect(viewer.scene().region).toBeNull();
    await workspace.sessions.flush();
  });
});
