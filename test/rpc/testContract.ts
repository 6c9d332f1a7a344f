import { z } from 'zod';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type Handlers, method } from '#shared/rpc/contract.ts';

/** A small contract with one method for each thing that a call can do. */
export const testContract = {
  services: {
    numbers: {
      double: method(z.strictObject({ value: z.number() }), z.number()),
      /** Answers what does not fit. */
      wrong: method(z.strictObject({}), z.number()),
    },
    arrays: {
      /** Each array back as it came. */
      echo: method(
        z.strictObject({
          crop: z.instanceof(Int16Array),
          labels: z.instanceof(Uint8Array),
          positions: z.instanceof(Float32Array),
          triangles: z.instanceof(Uint32Array),
        }),
        z.strictObject({
          crop: z.instanceof(Int16Array),
          labels: z.instanceof(Uint8Array),
          positions: z.instanceof(Float32Array),
          triangles: z.instanceof(Uint32Array),
        }),
      ),
    },
    jobs: {
      fail: method(
        z.strictObject({ kind: z.enum(['user', 'cancelled', 'bug', 'text']) }),
        z.strictObject({}),
      ),
      /** Reports progress, then answers. */
      report: method(
        z.strictObject({ reports: z.array(z.strictObject({ stage: z.string(), fraction: z.number() })) }),
        z.literal('done'),
      ),
      /** Runs until it is cancelled. */
      forever: method(z.strictObject({}), z.literal('never')),
      /** Goes on after it was cancelled, until the test lets it end. */
      stubborn: method(z.strictObject({}), z.literal('done')),
    },
  },
  events: { tick: z.strictObject({ count: z.int() }) },
};

export type TestContract = typeof testContract;

export interface TestHandlers {
  readonly handlers: Handlers<TestContract>;
  /** Resolves when the n-th call of `forever` or `stubborn` began. */
  begun(n: number): Promise<void>;
  /** Resolves when the n-th call of `forever` or `stubborn` saw its signal. */
  aborted(n: number): Promise<void>;
  /** Ends all calls of `stubborn`. */
  letEnd(): void;
}

/** Something that is counted and can be waited for. */
function createCounter(): { increase(): void; reaches(n: number): Promise<void> } {
  let count = 0;
  const waiting: { n: number; resolve: () => void }[] = [];
  return {
    increase() {
      count++;
      for (const { n, resolve } of waiting) if (count >= n) resolve();
    },
    reaches: (n) => new Promise((resolve) => (count >= n ? resolve() : void waiting.push({ n, resolve }))),
  };
}

export function createTestHandlers(): TestHandlers {
  const begun = createCounter();
  const aborted = createCounter();
  const stubborn: (() => void)[] = [];
  return {
    begun: begun.reaches,
    aborted: aborted.reaches,
    letEnd: () => {
      for (const end of stubborn) end();
    },
    handlers: {
      numbers: {
        double: async ({ value }) => 2 * value,
        // The cast is the bug that this method stands for.
        wrong: async () => 'text' as unknown as number,
      },
      arrays: { echo: async (arrays) => arrays },
      jobs: {
        async fail({ kind }) {
          if (kind === 'user')
            throw new UserError(failure('stored.sentence', { sentence: 'The scan has no contrast.' }));
          if (kind === 'cancelled') throw new CancelledError();
          if (kind === 'text') throw 'only text';
          throw new TypeError('secret: /home/someone/scan.dcm');
        },
        async report({ reports }, { onProgress }) {
          for (const report of reports) onProgress(report);
          return 'done';
        },
        forever: (_params, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              aborted.increase();
              reject(new CancelledError());
            });
            begun.increase();
          }),
        async stubborn(_params, { signal }) {
          signal.addEventListener('abort', aborted.increase);
          const isOver = new Promise<void>((resolve) => void stubborn.push(resolve));
          begun.increase();
          await isOver;
          return 'done';
        },
      },
    },
  };
}
