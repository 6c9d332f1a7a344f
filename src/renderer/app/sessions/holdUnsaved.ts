import type { Sessions } from './sessionStore.ts';

/**
 * For `beforeunload`: holds the page while work is not saved, and saves it. A browser asks the person then; Electron's
 * main side tries again until the page lets go.
 */
export function holdUnsaved(
  sessions: Pick<Sessions, 'isSafe' | 'flush'>,
  event: Pick<BeforeUnloadEvent, 'preventDefault'>,
): void {
  if (sessions.isSafe()) return;
  event.preventDefault();
  void sessions.flush();
}
