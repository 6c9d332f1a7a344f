import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { Sessions } from './sessionStore.ts';

/**
 * Says to the main side whether there is work that is not saved, whenever that changes: the end of the system's session
 * can wait for it, but nobody can ask the page then. @returns what says it again, for a main side that was away
 */
export function noteUnsaved(
  client: Pick<AuricleClient, 'app'>,
  sessions: Pick<Sessions, 'isSafe' | 'store'>,
): () => void {
  let said = false;
  const say = (hasUnsavedWork: boolean): void => {
    said = hasUnsavedWork;
    // Without a connection nothing is asked; it is said again when there is one.
    client.app.unsaved({ hasUnsavedWork }).catch(() => undefined);
  };
  sessions.store.subscribe(() => {
    const hasUnsavedWork = !sessions.isSafe();
    if (hasUnsavedWork !== said) say(hasUnsavedWork);
  });
  return () => {
    const hasUnsavedWork = !sessions.isSafe();
    if (hasUnsavedWork) say(hasUnsavedWork);
  };
}
