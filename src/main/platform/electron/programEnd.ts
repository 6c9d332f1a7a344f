import { createLifecycle } from '#shared/lifecycle/lifecycle.ts';

/**
 * running; leaving: the windows close, and a page may still hold one to save its work; closing: no window is left, and
 * what the program started ends; ended: nothing holds the program any more.
 *
 * quit: a person, the system or the program asked for the end, perhaps again; kept: a person kept the window open after
 * all; windowsClosed: Electron would end the program now; closed: what the program started has ended.
 */
export type ProgramState = 'running' | 'leaving' | 'closing' | 'ended';
export type ProgramEvent = 'quit' | 'kept' | 'windowsClosed' | 'closed';

export const programLifecycle = createLifecycle<ProgramState, ProgramEvent>('program', {
  running: { quit: 'leaving', kept: 'running', windowsClosed: 'closing' },
  leaving: { quit: 'leaving', kept: 'running', windowsClosed: 'closing' },
  // A second wish for the end is no news; Electron asks again when it may end.
  closing: { quit: 'closing', windowsClosed: 'closing', closed: 'ended' },
  ended: { quit: 'ended', windowsClosed: 'ended' },
});

export interface ProgramEndHost {
  /** Ends connections, threads and processes. */
  close(): Promise<void>;
  /** Asks Electron for the end once more. */
  quit(): void;
  /** Has the program started again when it has ended. */
  relaunch(paths: readonly string[]): void;
  /** Shows the window, opened anew where it was closed, with what the person opened. */
  show(paths: readonly string[]): void;
}

export interface ProgramEnd {
  readonly state: () => ProgramState;
  /** Electron's `before-quit`. */
  quitting(): void;
  /** A window that was to close stays open. */
  kept(): void;
  /** Electron's `will-quit`. @returns whether it has to wait: Electron is asked again when all has ended */
  windowsClosed(): boolean;
  /** The program was started a second time, or its icon was clicked. */
  startedAgain(paths: readonly string[]): void;
}

/**
 * The end of the program, and what happens to a second start meanwhile: the first program, which got it, either stays
 * and shows it, or starts again when it has ended.
 */
export function createProgramEnd(host: ProgramEndHost): ProgramEnd {
  let state: ProgramState = 'running';
  /** What a person wants to see who started the program while it was ending. */
  let next: string[] | undefined;
  const enter = (event: ProgramEvent): void => {
    state = programLifecycle.next(state, event);
  };

  return {
    state: () => state,
    quitting: () => enter('quit'),
    kept() {
      enter('kept');
      if (next) host.show(next);
      next = undefined;
    },
    windowsClosed() {
      const before = state;
      enter('windowsClosed');
      if (before !== state && state === 'closing') {
        const ended = (): void => {
          enter('closed');
          if (next) host.relaunch(next);
          host.quit();
        };
        void host.close().then(ended, ended);
      }
      return state !== 'ended';
    },
    startedAgain(paths) {
      if (state === 'running') host.show(paths);
      else if (state === 'ended') host.relaunch(paths);
      else next = [...(next ?? []), ...paths];
    },
  };
}
