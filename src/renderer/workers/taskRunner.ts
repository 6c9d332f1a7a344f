import type { StudyTasks } from './studyTasks.ts';

/** Runs tasks beside the main thread, several at once; more wait in line. */
export interface TaskRunner {
  /** How many run at once. */
  readonly width: number;
  /**
   * @throws CancelledError where `signal` fires, at once, whatever the task is doing
   * @throws UserError where the thread that ran the task died
   */
  run<T>(task: (tasks: StudyTasks) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Ends all threads; what runs or waits is cancelled. Threads start again when they are needed again. */
  close(): void;
}
