import type { Failure } from '#shared/failures/failure.ts';
import { createLifecycle } from '#shared/lifecycle/lifecycle.ts';

/** What the status bar says of saving. */
export type SaveState =
  | { readonly kind: 'nothing' }
  /** Changed since it was last saved. */
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved'; readonly savedAt: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * changed: the work on the screen changed; started: a save begins; saved: it ended and the work on the screen is as
 * saved; savedEarlier: it ended, and the work has changed since; savedOther: it ended, of work that is no longer on the
 * screen; failed: it could not be saved; closed: the work was closed and nothing of it is left to save.
 */
export type SaveEvent = 'changed' | 'started' | 'saved' | 'savedEarlier' | 'savedOther' | 'failed' | 'closed';

export const saveLifecycle = createLifecycle<SaveState['kind'], SaveEvent>('saving of the work', {
  // A save under way whose session was removed meanwhile may end after its work was closed.
  nothing: { changed: 'unsaved', closed: 'nothing', savedOther: 'nothing', failed: 'failed' },
  // The work may change while a save is under way: that save ends here.
  unsaved: {
    changed: 'unsaved',
    started: 'saving',
    saved: 'saved',
    savedEarlier: 'unsaved',
    savedOther: 'nothing',
    failed: 'failed',
    closed: 'nothing',
  },
  // Several pieces of work are saved one after the other.
  saving: {
    changed: 'unsaved',
    started: 'saving',
    saved: 'saved',
    savedEarlier: 'unsaved',
    savedOther: 'nothing',
    failed: 'failed',
    closed: 'nothing',
  },
  saved: { changed: 'unsaved', closed: 'nothing' },
  failed: { changed: 'unsaved', started: 'saving', closed: 'nothing' },
});
