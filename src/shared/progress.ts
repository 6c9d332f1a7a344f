/** What long work reports: a stage in words and how much of it is done, 0 to 1. */
export interface Progress {
  readonly stage: string;
  readonly fraction: number;
}

export type OnProgress = (progress: Progress) => void;

/** What every long call accepts. */
export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}
