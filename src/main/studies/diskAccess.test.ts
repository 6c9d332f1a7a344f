import { describe, expect, it } from 'vitest';
import { createDiskAccess } from './diskAccess.ts';

/** A disk that takes the given time for each answer, and the ways in which it was asked. */
function disk(takesMs: () => number) {
  let nowMs = 0;
  const ways: string[] = [];
  const access = createDiskAccess(() => nowMs);
  const ask = () =>
    access.call(
      () => {
        nowMs += takesMs();
        ways.push('now');
      },
      async () => {
        ways.push('later');
      },
    );
  return { ways, ask, access, wait: (ms: number) => (nowMs += ms) };
}

describe('createDiskAccess', () => {
  it('reads in this thread what is read quickly, a slow answer among them or not', () => {
    let calls = 0;
    const { ways, ask } = disk(() => (++calls % 20 === 0 ? 15 : 0.1));
    for (let call = 0; call < 60; call++) void ask();
    expect(new Set(ways)).toEqual(new Set(['now']));
  });

  it('hands over what is slow, and tries now and then', () => {
    const { ways, ask } = disk(() => 8);
    for (let call = 0; call < 300; call++) void ask();
    const here = ways.filter((way) => way === 'now').length;
    expect(here).toBeGreaterThan(4);
    expect(here).toBeLessThan(20);
  });

  it('leaves room for other work from time to time', async () => {
    const { access, wait } = disk(() => 0);
    expect(access.pause()).toBeUndefined();
    wait(60);
    const pause = access.pause();
    expect(pause).toBeInstanceOf(Promise);
    await pause;
    expect(access.pause()).toBeUndefined();
  });
});
