import { PLANE_NAMES } from './planeFrame.ts';
import type { PaneName } from './types.ts';

/** When panes are drawn: at most once a frame, and once more at rest after something moved. */
export interface DrawSchedule {
  /** Draws one pane, or all, in the next frame. */
  requestDraw(pane?: PaneName): void;
  /** Something moves: drawings may be coarse until shortly after the last call. */
  keepMoving(): void;
  /** Resolves when everything requested so far is drawn at rest; at once after `dispose`. */
  settled(): Promise<void>;
  dispose(): void;
}

interface ScheduledPanes {
  draw(panes: ReadonlySet<PaneName>, isMoving: boolean): void;
  /** Whether a pane works on something that it will show by itself. */
  isPreparing(): boolean;
  /** Everything requested so far is drawn at rest; or is so no more. */
  onSettled(isSettled: boolean): void;
}

/** This long after the last movement the pictures become fine again, ms. */
const RESTING_AFTER_MS = 140;

/** Calls back before the next paint; soon, where the page is hidden and never painted. */
function onNextFrame(callback: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(callback);
    return () => clearTimeout(timer);
  }
  const request = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(request);
}

export function createDrawSchedule({ draw, isPreparing, onSettled }: ScheduledPanes): DrawSchedule {
  const requested = new Set<PaneName>();
  let cancelFrame: (() => void) | null = null;
  let restTimer: ReturnType<typeof setTimeout> | null = null;
  let isMoving = false;
  let isDisposed = false;
  let isSettled = false;
  let waiting: (() => void)[] = [];

  function settle(isNow: boolean): void {
    if (isNow === isSettled) return;
    isSettled = isNow;
    onSettled(isNow);
  }

  function resolveWaiting(): void {
    const resolved = waiting;
    waiting = [];
    for (const resolve of resolved) resolve();
  }

  function drawRequested(): void {
    cancelFrame = null;
    const panes = new Set(requested);
    requested.clear();
    draw(panes, isMoving);
    // Drawing may have requested the next one.
    if (isMoving || cancelFrame || isPreparing()) return;
    settle(true);
    resolveWaiting();
  }

  function requestDraw(pane?: PaneName): void {
    for (const name of pane ? [pane] : [...PLANE_NAMES, 'three' as const]) requested.add(name);
    if (isDisposed) return;
    settle(false);
    cancelFrame ??= onNextFrame(drawRequested);
  }

  function rest(): void {
    restTimer = null;
    isMoving = false;
    requestDraw();
  }

  return {
    requestDraw,
    keepMoving() {
      isMoving = true;
      if (restTimer !== null) clearTimeout(restTimer);
      restTimer = setTimeout(rest, RESTING_AFTER_MS);
      requestDraw();
    },
    settled() {
      if (isDisposed) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        requestDraw();
      });
    },
    dispose() {
      isDisposed = true;
      cancelFrame?.();
      if (restTimer !== null) clearTimeout(restTimer);
      resolveWaiting();
    },
  };
}
