import '#shared/rpc/zodWithoutEval.ts';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import { webWorker } from '../webWorker.ts';
import { poolContract } from './poolContract.ts';

let started = 0;
const { services, free } = createWorkerPool(poolContract, {
  start() {
    started++;
    return webWorker(new Worker('./poolWorker.js', { type: 'module' }));
  },
  size: 1,
  graceMs: 0,
  isRenewedAfterBugs: true,
});
const { make, isGone, spin, crash, fail } = services.tasks;
const reason = (call: Promise<unknown>): Promise<string> => call.then(String, (thrown) => String(thrown));

/** Runs every kind of task in a pool of one worker, and reports how each ended. */
async function tryEverything(): Promise<Record<string, unknown>> {
  const array = await make(1000);
  const moved = {
    values: `${array.constructor.name} ${array.length} ${array[999]}`,
    isGone: await isGone(null),
  };
  const startedFirst = started;
  const controller = new AbortController();
  const spinning = reason(spin(null, { signal: controller.signal }));
  const waiting = make(1);
  controller.abort();
  const cancelled = { spinning: await spinning, next: (await waiting).length, started };
  const crashing = reason(crash(null));
  const afterCrash = make(2);
  const crashed = { crashing: await crashing, next: (await afterCrash).length, started };
  const failed = { failing: await reason(fail(null)), next: (await make(3)).length, started };
  const pending = reason(spin(null));
  await free();
  return { moved, startedFirst, cancelled, crashed, failed, freed: await pending };
}

Reflect.set(globalThis, 'tryEverything', tryEverything);
