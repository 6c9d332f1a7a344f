import type { OnProgress } from '../progress.ts';

/** Shortest time between two reports of one stage, ms. */
const INTERVAL_MS = 40;

/**
 * Lets a report pass when its stage is new, when the stage is done, or when some time went by since the last one. The
 * fraction is held to 0 … 1, so that a rounding error never breaks a connection.
 */
export function throttleProgress(report: OnProgress, nowMs: () => number): OnProgress {
  let lastStage: string | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isDone = false;
  return ({ stage, fraction }) => {
    const held = Number.isNaN(fraction) ? 0 : Math.min(1, Math.max(0, fraction));
    const isNew = stage !== lastStage;
    const becameDone = held === 1 && (isNew || !isDone);
    const now = nowMs();
    if (!isNew && !becameDone && now - lastMs < INTERVAL_MS) return;
    lastStage = stage;
    lastMs = now;
    isDone = held === 1;
    report({ stage, fraction: held });
  };
}
