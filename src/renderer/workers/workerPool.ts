import { type Remote, wrap } from 'comlink';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { createConcurrencyLimit } from './concurrencyLimit.ts';
import type { StudyTasks } from './studyTasks.ts';
import type { TaskRunner } from './taskRunner.ts';

const MAX_WORKERS = 4;

interface TaskWorker {
  readonly worker: Worker;
  readonly tasks: Remote<StudyTasks>;
}

/**
 * Runs study tasks in web workers, one task each at a time. A worker whose task was cancelled or that failed is in an
 * unknown state: it is ended, and another one is started when it is needed.
 */
export function createWorkerPool(): TaskRunner {
  const width = Math.max(1, Math.min(MAX_WORKERS, navigator.hardwareConcurrency || 1));
  const limit = createConcurrencyLimit(width);
  const idle: TaskWorker[] = [];
  let closing = new AbortController();
  return {
    width,
    run(task, outerSignal) {
      const closed = closing.signal;
      const signal = outerSignal === undefined ? closed : AbortSignal.any([outerSignal, closed]);
      return limit(async () => {
        const used = idle.pop() ?? startWorker();
        try {
          const result = await runOn(used, task, signal);
          if (closed.aborted) used.worker.terminate();
          else idle.push(used);
          return result;
        } catch (thrown) {
          used.worker.terminate();
          throw thrown;
        }
      }, signal);
    },
    close() {
      closing.abort();
      closing = new AbortController();
      for (const { worker } of idle.splice(0)) worker.terminate();
    },
  };
}

function startWorker(): TaskWorker {
  const worker = new Worker(new URL('./dicom.worker.ts', import.meta.url), { type: 'module' });
  return { worker, tasks: wrap<StudyTasks>(worker) };
}

function runOn<T>(
  { worker, tasks }: TaskWorker,
  task: (tasks: StudyTasks) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const ended = new AbortController();
    const settle = (end: () => void): void => {
      ended.abort();
      end();
    };
    const died = (): void => settle(() => reject(new UserError(failure('page.reading-stopped'))));
    const untilEnd = { signal: ended.signal };
    worker.addEventListener('error', died, untilEnd);
    worker.addEventListener('messageerror', died, untilEnd);
    signal.addEventListener('abort', () => settle(() => reject(new CancelledError())), untilEnd);
    task(tasks).then(
      (result) => settle(() => resolve(result)),
      (thrown: unknown) => settle(() => reject(thrown)),
    );
  });
}
