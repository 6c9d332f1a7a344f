import { describe, expect, it } from 'vitest';
import { createProgramEnd } from './programEnd.ts';

function build() {
  const done: string[] = [];
  let finish = (): void => {};
  const end = createProgramEnd({
    close: () =>
      new Promise((resolve) => {
        done.push('close');
        finish = resolve;
      }),
    quit: () => void done.push('quit'),
    relaunch: (paths) => void done.push(`relaunch ${paths.join()}`),
    show: (paths) => void done.push(`show ${paths.join()}`),
  });
  const closed = async (): Promise<void> => {
    finish();
    await Promise.resolve().then(() => undefined);
  };
  return { end, done, closed };
}

describe('the end of the program', () => {
  it('waits until what it started has ended, once', async () => {
    const { end, done, closed } = build();
    end.quitting();
    expect(end.windowsClosed()).toBe(true);
    expect(end.windowsClosed()).toBe(true);
    expect(done).toEqual(['close']);
    await closed();
    expect(done).toEqual(['close', 'quit']);
    end.quitting();
    expect(end.windowsClosed()).toBe(false);
  });

  it('shows a second start while it runs', () => {
    const { end, done } = build();
    end.startedAgain(['/ct']);
    expect(done).toEqual(['show /ct']);
  });

  it('starts again for a second start that came while it was ending', async () => {
    const { end, done, closed } = build();
    end.quitting();
    end.startedAgain(['/a']);
    end.windowsClosed();
    end.startedAgain(['/b']);
    await closed();
    expect(done).toEqual(['close', 'relaunch /a,/b', 'quit']);
  });

  it('shows it where the person keeps the window open after all', () => {
    const { end, done } = build();
    end.quitting();
    end.startedAgain(['/a']);
    expect(done).toEqual([]);
    end.kept();
    expect([done, end.state()]).toEqual([['show /a'], 'running']);
    end.kept();
    expect(done).toHaveLength(1);
  });
});
