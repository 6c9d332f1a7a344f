import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { Region } from '#shared/contract/services/segmentation.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';
import type { RegionBox, ViewedVolume } from '../../viewer/types.ts';
import { type RegionEvent, type RegionStatus, regionLifecycle } from './regionLifecycle.ts';

export type NoBoxReason =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  /** There was none before the step that was undone. */
  | { readonly kind: 'undone' };

export interface RegionState {
  readonly status: RegionStatus;
  readonly region: Region | null;
  /** Why there is no box; null where there is one, or none is looked for yet. */
  readonly reason: NoBoxReason | null;
}

/** One change of the box, to undo and redo. */
export interface RegionStep {
  readonly name: 'Place region' | 'Move region' | 'Resize region' | 'Find region';
  readonly before: Region | null;
  readonly after: Region | null;
}

export interface Regions {
  readonly store: StoreApi<RegionState>;
  /** Looks for the appendage in the background. */
  find(coarseOf: () => Promise<ViewedVolume>): Promise<void>;
  /** Puts a box of the usual size at a point. */
  placeAt(pointLpsMm: Vec3): void;
  /** A person moves or resizes the box; `isFinal` when it is released: one step, however many moves. */
  change(box: RegionBox, isFinal: boolean): void;
  /** Sets the box of a saved session or of undo and redo; null: there was no box. */
  restore(region: Region | null): void;
  /** The box once no search is under way any more; null where there is none. */
  whenKnown(): Promise<Region | null>;
  clear(): void;
}

/** The cube that the field network was trained on, mm. */
export const USUAL_EDGE_MM = 70;
/** Below this the network has too little around the appendage to go by, above it too few voxels on it; mm. */
export const EDGE_RANGE_MM = { least: 50, most: 110 } as const;

const clampEdge = (edgeMm: number): number =>
  Math.min(Math.max(edgeMm, EDGE_RANGE_MM.least), EDGE_RANGE_MM.most);

export const sameRegion = (a: Region | null, b: Region | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.edgeMm === b.edgeMm &&
    a.confidence === b.confidence &&
    a.centreLpsMm.every((value, at) => value === b.centreLpsMm[at]));

/**
 * Where the appendage lies: found by the network or placed by a person.
 * @param onStep called with every change that a person made; what is found when a scan is opened is none
 */
export function createRegions(
  client: Pick<AuricleClient, 'segmentation'>,
  jobs: Jobs,
  onStep: (step: RegionStep) => void = () => undefined,
): Regions {
  const store = createStore<RegionState>(() => ({ status: 'none', region: null, reason: null }));
  let search: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  /** The box after the last step: before the drag or the search that is under way. */
  let settled: Region | null = null;

  const enter = (event: RegionEvent, region: Region | null, reason: NoBoxReason | null = null): void =>
    store.setState({ status: regionLifecycle.next(store.getState().status, event), region, reason });

  const settle = (name: RegionStep['name']): void => {
    const step = { name, before: settled, after: store.getState().region };
    settled = step.after;
    if (!sameRegion(step.before, step.after)) onStep(step);
  };

  const stopSearch = (): void => {
    search?.stop.abort();
    search = undefined;
  };

  const runSearch = async (
    coarseOf: () => Promise<ViewedVolume>,
    stop: AbortController,
    isFirst: boolean,
  ): Promise<void> => {
    const outcome = await jobs.run(
      'findRegion',
      async (job) => {
        const signal = AbortSignal.any([job.signal, stop.signal]);
        const { grid, data } = await coarseOf();
        throwIfCancelled(signal);
        return client.segmentation.findRegion(
          { coarse: { grid, data: ownBuffer(data) } },
          { signal, onProgress: job.onProgress },
        );
      },
      { isBackground: true, isQuiet: true },
    );
    // Whatever else happened meanwhile has stopped the search.
    if (stop.signal.aborted) return;
    if (outcome.kind === 'done') enter('found', outcome.value);
    else enter('missed', null, outcome);
    if (isFirst) settled = store.getState().region;
    else settle('Find region');
  };

  return {
    store,
    async find(coarseOf) {
      stopSearch();
      const isFirst = store.getState().status === 'none';
      enter('search', null);
      const stop = new AbortController();
      const done = runSearch(coarseOf, stop, isFirst);
      search = { stop, done };
      await done;
    },
    placeAt: (pointLpsMm) => {
      stopSearch();
      const edgeMm = store.getState().region?.edgeMm ?? USUAL_EDGE_MM;
      enter('placed', { centreLpsMm: pointLpsMm, edgeMm, confidence: null });
      settle('Place region');
    },
    change: ({ centreLpsMm, edgeMm }, isFinal) => {
      stopSearch();
      enter('placed', { centreLpsMm, edgeMm: clampEdge(edgeMm), confidence: null });
      if (!isFinal) return;
      settle(settled?.edgeMm === store.getState().region?.edgeMm ? 'Move region' : 'Resize region');
    },
    restore(region) {
      stopSearch();
      settled = region;
      if (region === null) enter('noneRestored', null, { kind: 'undone' });
      else enter(region.confidence === null ? 'placedRestored' : 'foundRestored', region);
    },
    async whenKnown() {
      if (store.getState().status === 'searching') await search?.done;
      return store.getState().region;
    },
    clear() {
      stopSearch();
      settled = null;
      enter('cleared', null);
    },
  };
}
