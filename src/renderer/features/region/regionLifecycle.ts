import { createLifecycle } from '#shared/lifecycle/lifecycle.ts';

/** notFound: a search found no box, or the step that made it was undone; placed: by a person. */
export type RegionStatus = 'none' | 'searching' | 'found' | 'notFound' | 'placed';

/**
 * search: a search starts; found, missed: it ended; placed: a person puts, moves or resizes the box; foundRestored,
 * placedRestored, noneRestored: a saved session, or undo and redo, bring back a box of the network, a person's box, or
 * that there was none; cleared: the scan is closed.
 */
export type RegionEvent =
  | 'search'
  | 'found'
  | 'missed'
  | 'placed'
  | 'foundRestored'
  | 'placedRestored'
  | 'noneRestored'
  | 'cleared';

/** What a person does counts in every state. */
const ALWAYS = {
  search: 'searching',
  placed: 'placed',
  foundRestored: 'found',
  placedRestored: 'placed',
  noneRestored: 'notFound',
  cleared: 'none',
} as const;

export const regionLifecycle = createLifecycle<RegionStatus, RegionEvent>('region', {
  none: ALWAYS,
  // Every other event stops the search: its result never replaces what a person did.
  searching: { ...ALWAYS, found: 'found', missed: 'notFound' },
  found: ALWAYS,
  notFound: ALWAYS,
  placed: ALWAYS,
});
