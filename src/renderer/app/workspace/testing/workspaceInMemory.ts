import { createStore } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import {
  type EngineStatus,
  type Settings,
  sessionSummarySchema,
  settingsSchema,
  USUAL_FIRST_VIEW,
} from '#shared/contract/services/app.ts';
import type { ReceivingState } from '#shared/contract/services/receiving.ts';
import type { SegmentedAppendage } from '#shared/contract/services/segmentation.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { compressPart, packSession, unpackSession } from '#shared/sessionArchive.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { AuricleConnection, LinkState } from '../../../connection/index.ts';
import { exampleAppendage, exampleReport } from '../../../features/review/testing/exampleCase.ts';
import type { LoadedSeries, SeriesEntry, StudyReader } from '../../../features/studies/types.ts';
import type { Viewer, ViewerEvents, ViewerScene } from '../../../viewer/types.ts';
import { createWorkspace } from '../workspace.ts';

const grid: GridLps = {
  sizeIjk: [80, 80, 80],
  originLpsMm: [-100, -100, -100],
  spacingMm: [2.5, 2.5, 2.5],
  directions: LPS_AXES,
};
export const volume = { grid, data: new Int16Array(80 ** 3).fill(40) };

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
  canResample: false,
  isPreselected: true,
  phase: null,
};

const loadedSeries: LoadedSeries = {
  entry,
  volume,
  coarse: () => Promise.resolve(volume),
  sourceSeries: { attributes: {}, instances: [] },
  source: exampleReport().source,
  warnings: [failure('series.slices-thick', { thicknessMm: 4 })],
};

const emptyReader: StudyReader = {
  open: () => Promise.resolve({ series: [entry], skippedFiles: 0, problems: [] }),
  thumbnail: () => Promise.reject(new UserError(failure('studies.series-closed'))),
  load: (_, __, onSlices) => {
    onSlices?.(volume);
    return Promise.resolve(loadedSeries);
  },
  files: () => Promise.resolve([]),
  resample: () => [entry],
  close: () => {},
};

const NOT_RECEIVING: ReceivingState = {
  settings: {
    isOn: false,
    reach: 'this-machine',
    port: 11112,
    aeTitle: 'AURICLE',
    allowedAeTitles: [],
    isEncrypted: false,
    caPem: '',
  },
  address: null,
  problem: null,
  series: [],
  identity: null,
};

/** The engine's services, whose methods a test may replace by its own. */
type ReplaceableServices = {
  readonly [S in keyof AuricleClient]: { -readonly [M in keyof AuricleClient[S]]: AuricleClient[S][M] };
};

/** The main side in memory: answers at once, keeps sessions and the trail. */
function mainSide() {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const trail: string[] = [];
  const crops: GridLps[] = [];
  const engine: EngineStatus = { state: 'ready', id: 'onnx', device: 'CPU', remarks: [] };
  let settings: Settings = {
    language: 'en',
    engine: 'auto',
    resolution: 128,
    fieldModel: null,
    exportOptions: null,
    acknowledgedNotice: '',
    reviewer: 'Dr Roe',
    letterhead: NO_LETTERHEAD,
    firstView: USUAL_FIRST_VIEW,
    keys: {},
  };
  const unsaved: boolean[] = [];
  const services: ReplaceableServices = {
    app: {
      info: () =>
        Promise.resolve({ version: '0', target: 'web', notice: 'Research.', canSaveFiles: false, engine }),
      models: () => Promise.resolve([]),
      settings: () => Promise.resolve(settings),
      changeSettings: (parts) => {
        settings = settingsSchema.parse({ ...settings, ...withoutUndefined(parts) });
        return Promise.resolve(settings);
      },
      unsaved: ({ hasUnsavedWork }) => {
        unsaved.push(hasUnsavedWork);
        return Promise.resolve({});
      },
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
          unfilled: null,
          offChances: null,
        };
        return Promise.resolve(result);
      },
      surroundings: () => Promise.reject(new Error('Not asked for.')),
    },
    meshing: {
      recut: ({ plane }) => Promise.resolve(exampleAppendage({ ostiumPlane: plane })),
      afterEdits: ({ plane }) => Promise.resolve(exampleAppendage({ ostiumPlane: plane })),
      labelSurfaces: () => Promise.resolve({ mesh: exampleAppendage().closed, piecesLeftOut: 0 }),
      distances: () => Promise.resolve({ mean: 0, percent95: 0 }),
    },
    comparison: {
      surfaces: () =>
        Promise.resolve({
          dice: 1,
          meanMm: 0,
          percentile95Mm: 0,
          largestMm: 0,
          signedMm: new Float32Array(exampleAppendage().closed.positionsLpsMm.length / 3),
        }),
      readResult: () => Promise.reject(new Error('Not asked for.')),
    },
    planning: {
      centreLine: () => Promise.resolve({ pointsLpsMm: [] }),
      profile: () =>
        Promise.resolve({
          profile: { centreLineLpsMm: [], computedLineLpsMm: null, points: [], withheld: null },
          corrected: null,
        }),
      deviceTables: () => Promise.resolve({ tables: [], origin: 'bundled' }),
      replaceDeviceTables: () => Promise.resolve({ tables: [], origin: 'own' }),
    },
    exporting: {
      build: () => Promise.resolve({ files: [{ name: 'a.stl', bytes: Uint8Array.of(1) }] }),
      save: () => Promise.resolve({ kind: 'dismissed' }),
    },
    sessions: {
      list: () => Promise.resolve([]),
      save: ({ summary, state }) => {
        kept.set(summary.id, state);
        const saved = sessionSummarySchema.parse({ ...summary, savedAt: '2025-01-01T00:00:00.000Z' });
        return Promise.resolve(saved);
      },
      load: ({ id }) => Promise.resolve({ state: kept.get(id)!, savedAt: '2025-01-01T00:00:00.000Z' }),
      remove: ({ id }) => {
        kept.delete(id);
        return Promise.resolve({});
      },
    },
    servers: {
      list: () => Promise.resolve({ servers: [], canKeepSecrets: false }),
      keep: () => Promise.resolve({ servers: [], canKeepSecrets: false }),
      remove: () => Promise.resolve({ servers: [], canKeepSecrets: false }),
      unlock: () => Promise.resolve({ servers: [], canKeepSecrets: false }),
      check: () => Promise.resolve({}),
      studies: () => Promise.resolve({ studies: [], withoutUid: 0, hasMore: false }),
      series: () => Promise.resolve({ series: [], warnings: [] }),
      thumbnail: () => Promise.resolve(null),
      fetch: () => Promise.resolve({ files: [], loan: '', warnings: [] }),
      release: () => Promise.resolve({}),
      store: () => Promise.resolve([]),
    },
    receiving: {
      state: () => Promise.resolve(NOT_RECEIVING),
      configure: ({ settings }) => Promise.resolve({ ...NOT_RECEIVING, settings }),
      keepIdentity: () => Promise.resolve(NOT_RECEIVING),
      open: () => Promise.resolve({ files: [] }),
      remove: () => Promise.resolve(NOT_RECEIVING),
    },
    opening: {
      take: () => Promise.resolve({ files: [] }),
      read: () => Promise.resolve({ bytes: Uint8Array.of(1) }),
    },
  };
  const link = createStore<LinkState>(() => ({ kind: 'connected' }));
  let retries = 0;
  // By its name, an event and its value belong together.
  const listeners = new Map<string, (value: never) => void>();
  const emit = (event: string, value: unknown): void => listeners.get(event)?.(value as never);
  const rpc: AuricleConnection = {
    services,
    on: (event, listener) => {
      listeners.set(event, listener);
      return () => {};
    },
    onClose: () => () => {},
    link: {
      store: link,
      retry: () => {
        retries += 1;
      },
    },
  };
  return {
    rpc,
    link,
    emit,
    unsaved,
    settings: () => settings,
    retries: () => retries,
    services,
    kept,
    trail,
    crops,
  };
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
      placeAnnotation: () => {},
      nudgeAnnotation: () => false,
      cancelAnnotation: () => false,
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

/** A workspace on a main side and a viewer that are there in memory only. */
export function workspaceInMemory() {
  const main = mainSide();
  const viewer = fakeViewer();
  const reader = { ...emptyReader };
  const workspace = createWorkspace({
    rpc: main.rpc,
    reader,
    createViewer: viewer.createViewer,
    archiver: {
      zip: async (files) => packSession(files),
      pack: async (parts) => packSession(parts),
      compressParts: async () => ({}),
      compress: async (bytes) => compressPart(bytes),
      unpack: async (archive) => unpackSession(archive),
      close: () => {},
    },
  });
  // The fake viewer never looks at its element.
  workspace.viewer.attach({} as HTMLElement);
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  return { workspace, viewer, reader, ...main, turn };
}
