import type { CohortCase } from './cohortFolder.ts';

/** What a worker reports of a case that it was given. */
export type CaseReport =
  | { readonly kind: 'done' }
  /** Given up with a reason; not tried again. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Tried once more, then given up. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** This worker stops: the case goes back to those that wait. */
  | { readonly kind: 'cancelled' };

export interface WorkOptions {
  /** Who works, for people: `host:process`. */
  readonly worker: string;
  /** Cases at a time. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly run: (one: CohortCase) => Promise<CaseReport>;
  /** A case was given up, by this worker or on behalf of one that died. */
  readonly onSetAside: (id: string, reason: string) => Promise<void>;
  /** The queue cannot be reached; it is tried again. One sentence. */
  readonly onTrouble?: (sentence: string) => void;
}

export interface ActiveCase {
  readonly id: string;
  readonly worker: string;
  readonly startedAt: string;
}

/** Who does which case: on one machine (`localQueue`), or on many through Redis (`redisQueue`). */
export interface CaseQueue {
  /** Adds cases; those that it knows stay as they are. */
  add(cases: readonly CohortCase[]): Promise<void>;
  /** Puts cases that were given up back among those that wait. */
  retry(cases: readonly CohortCase[]): Promise<void>;
  /** Works until no case waits or runs anywhere, or the signal fires. */
  work(options: WorkOptions): Promise<void>;
  active(): Promise<readonly ActiveCase[]>;
  close(): Promise<void>;
}

/** How often a case is tried whose process or worker broke: once, and once again. */
export const TRIES = 2;
