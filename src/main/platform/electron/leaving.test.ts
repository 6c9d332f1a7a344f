import { describe, expect, it } from 'vitest';
import { createLeaving, type Departure, PATIENCE_MS } from './leaving.ts';

/** A window whose page holds for as long as its work is not safe, as Electron treats both. */
function build(wouldLose = false) {
  let nowMs = 0;
  let isSafe = false;
  let questions = 0;
  let kept = 0;
  const waiting: { action: () => void; atMs: number }[] = [];
  const done: Departure[] = [];

  /** What Electron does when something is to end: events first, then the page's `beforeunload`. */
  const attempt = (departure: Departure): void => {
    if (departure === 'quit') leaving.quitting();
    if (departure !== 'reload') leaving.closing();
    if (!isSafe && !leaving.held()) return;
    leaving.over();
    done.push(departure);
  };
  const leaving = createLeaving({
    again: attempt,
    askWhetherToLose() {
      questions++;
      return wouldLose;
    },
    kept: () => {
      kept++;
    },
    nowMs: () => nowMs,
    later: (action, delayMs) => void waiting.push({ action, atMs: nowMs + delayMs }),
  });
  return {
    attempt,
    done,
    questions: () => questions,
    kept: () => kept,
    save: () => {
      isSafe = true;
    },
    isWaiting: () => waiting.length > 0,
    pass(ms: number) {
      const until = nowMs + ms;
      for (;;) {
        waiting.sort((a, b) => a.atMs - b.atMs);
        const next = waiting[0];
        if (!next || next.atMs > until) break;
        waiting.shift();
        nowMs = next.atMs;
        next.action();
      }
      nowMs = until;
    },
  };
}

describe('the end of a window with unsaved work', () => {
  it.each<Departure>(['close', 'quit', 'reload'])(
    'waits for the work, then does what was asked for: %s',
    (departure) => {
      const { attempt, done, save, pass, questions, isWaiting } = build();
      attempt(departure);
      pass(1000);
      expect(done).toEqual([]);
      save();
      pass(1000);
      expect(done).toEqual([departure]);
      expect(questions()).toBe(0);
      pass(60_000);
      expect(done).toHaveLength(1);
      expect(isWaiting()).toBe(false);
    },
  );

  it('is at once where everything is saved', () => {
    const { attempt, done, save } = build();
    save();
    attempt('quit');
    expect(done).toEqual(['quit']);
  });

  it('asks where the work cannot be saved, and stays open with all of it', () => {
    const { attempt, done, pass, questions, kept } = build();
    attempt('quit');
    pass(PATIENCE_MS - 1);
    expect(questions()).toBe(0);
    pass(1000);
    expect(questions()).toBe(1);
    pass(60_000);
    expect([done, questions(), kept()]).toEqual([[], 1, 1]);
  });

  it('goes without the work where the person wants to', () => {
    const { attempt, done, pass, questions } = build(true);
    attempt('close');
    pass(PATIENCE_MS + 1000);
    expect([done, questions()]).toEqual([['close'], 1]);
  });

  it('forgets an end that was put off: closing later closes, and ends nothing else', () => {
    const { attempt, done, pass, save } = build();
    attempt('quit');
    pass(PATIENCE_MS + 1000);
    save();
    attempt('close');
    pass(1000);
    expect(done).toEqual(['close']);
  });

  it('closes where that was asked for while the page was to be loaded again', () => {
    const { attempt, done, pass, save } = build();
    attempt('reload');
    attempt('close');
    save();
    pass(1000);
    expect(done).toEqual(['close']);
  });

  it('ends the program once where both were asked for', () => {
    const { attempt, done, pass, save } = build();
    attempt('close');
    attempt('quit');
    save();
    pass(1000);
    expect(done).toEqual(['quit']);
  });
});
