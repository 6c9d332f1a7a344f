import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { failure } from '../../failures/failure.ts';
import { method, unchecked } from '../../rpc/contract.ts';
import { createWorkerPool, type WorkerLoss, type WorkerPoolOptions } from '../workerPool.ts';
import { type FakeWorker, fakeWorker } from './fakeWorker.ts';

export const numbersContract = {
  services: { numbers: { double: method(unchecked<number>(), unchecked<number>()) } },
  events: { state: z.string() },
};

export const CRASH = 'It stopped. Try again.';
export const GRACE_MS = 1000;

/** Lets everything happen that waits for promises only. */
export const turn = async (): Promise<void> => {
  for (let at = 0; at < 20; at++) await Promise.resolve();
};

/** Pools of workers that answer when the test says so; all their workers and losses in order. */
export function poolInMemory() {
  const workers: FakeWorker[] = [];
  const losses: [WorkerLoss, boolean][] = [];
  const start = (): FakeWorker => {
    const worker = fakeWorker();
    workers.push(worker);
    return worker;
  };
  const createPool = (options: Partial<WorkerPoolOptions> = {}) => {
    const pool = createWorkerPool(numbersContract, {
      start,
      size: 1,
      graceMs: GRACE_MS,
      crashError: () => new UserError(failure('stored.sentence', { sentence: CRASH })),
      onLoss: (...loss) => losses.push(loss),
      ...options,
    });
    return { ...pool, double: pool.services.numbers.double };
  };
  return { workers, losses, start, createPool };
}

export type PoolInMemory = ReturnType<typeof poolInMemory>;
