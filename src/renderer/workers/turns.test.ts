import { describe, expect, it } from 'vitest';
import { CancelledError } from '#shared/errors.ts';
import { createTurns } from './turns.ts';

const never = new AbortController().signal;
const isPending = async (work: Promise<void>): Promise<boolean> =>
  (await Promise.race([work.then(() => 'came'), Promise.resolve('pending')])) === 'pending';

describe('createTurns', () => {
  it('gives turns in order, as many at once as there is width', async () => {
    const turns = createTurns(2);
    await turns.take(never);
    await turns.take(never);
    const third = turns.take(never);
    const fourth = turns.take(never);
    expect(await isPending(third)).toBe(true);
    turns.end();
    await third;
    expect(await isPending(fourth)).toBe(true);
    turns.end();
    await fourth;
  });

  it('lets those who wait leave, without losing a turn', async () => {
    const turns = createTurns(1);
    await turns.take(never);
    const leaving = new AbortController();
    const second = turns.take(leaving.signal);
    const third = turns.take(never);
    leaving.abort();
    await expect(second).rejects.toThrow(CancelledError);
    turns.end();
    await third;
    turns.end();
    await turns.take(never);
  });

  it('refuses those who come cancelled', async () => {
    await expect(createTurns(1).take(AbortSignal.abort())).rejects.toThrow(CancelledError);
  });
});
