import { describe, expect, it, vi } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
import { createConcurrencyLimit } from './concurrencyLimit.ts';

const never = new AbortController().signal;

/** Work that ends when the test says so. */
function work() {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { run: vi.fn(() => ended), end };
}

describe('createConcurrencyLimit', () => {
  it('runs work in order, as much at once as the limit allows', async () => {
    const limit = createConcurrencyLimit(2);
    const works = [work(), work(), work(), work()] as const;
    const results = works.map(({ run }) => limit(run, never));
    const began = (): number => works.filter(({ run }) => run.mock.calls.length > 0).length;
    await vi.waitFor(() => expect(began()).toBe(2));
    works[1].end();
    await results[1];
    await vi.waitFor(() => expect(works[2].run).toHaveBeenCalledOnce());
    expect(began()).toBe(3);
    works[0].end();
    works[2].end();
    works[3].end();
    await Promise.all(results);
    expect(began()).toBe(4);
  });

  it('rejects cancelled work that waits at once, without losing a place', async () => {
    const limit = createConcurrencyLimit(1);
    const [first, second, third] = [work(), work(), work()] as const;
    const leaving = new AbortController();
    const firstResult = limit(first.run, never);
    const secondResult = limit(second.run, leaving.signal);
    const thirdResult = limit(third.run, never);
    leaving.abort();
    await expect(secondResult).rejects.toThrow(CancelledError);
    expect(third.run).not.toHaveBeenCalled();
    first.end();
    await firstResult;
    third.end();
    await thirdResult;
    expect(second.run).not.toHaveBeenCalled();
    await expect(limit(async () => 'after', never)).resolves.toBe('after');
  });

  it('leaves work that has begun to itself when its signal fires', async () => {
    const begun = work();
    const leaving = new AbortController();
    const result = createConcurrencyLimit(1)(async () => {
      await begun.run();
      return 'done';
    }, leaving.signal);
    await vi.waitFor(() => expect(begun.run).toHaveBeenCalledOnce());
    leaving.abort();
    begun.end();
    await expect(result).resolves.toBe('done');
  });

  it('goes on after work that failed', async () => {
    const limit = createConcurrencyLimit(1);
    const failing = limit(() => Promise.reject(new Error('failed')), never);
    const next = limit(async () => 'next', never);
    await expect(failing).rejects.toThrow('failed');
    await expect(next).resolves.toBe('next');
  });

  it('refuses work that comes cancelled', async () => {
    const { run } = work();
    await expect(createConcurrencyLimit(1)(run, AbortSignal.abort())).rejects.toThrow(CancelledError);
    expect(run).not.toHaveBeenCalled();
  });
});
