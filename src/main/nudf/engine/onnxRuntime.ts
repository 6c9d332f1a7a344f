import { availableParallelism } from 'node:os';
import type * as Ort from 'onnxruntime-node';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { onnxLoadFailure } from './onnxLoadFailure.ts';

export type OnnxRuntime = typeof Ort;
export type OnnxSession = Ort.InferenceSession;

export interface OnnxOptions {
  /** Threads of one computation; by default as many as the machine offers. */
  readonly threads?: number;
}

/** Threads that a session will use. */
export const onnxThreads = (options: OnnxOptions): number =>
  Math.max(1, Math.floor(options.threads ?? availableParallelism()));

/** The device in words, for the report: "CPU, 2 threads". */
export const onnxDevice = (options: OnnxOptions): string => {
  const threads = onnxThreads(options);
  return `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
};

/** Loads ONNX Runtime's native library on first use; a UserError where the platform has none. */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  try {
    return await import('onnxruntime-node');
  } catch (thrown) {
    throw new UserError(failure(onnxLoadFailure(thrown)));
  }
}

/** A session on the CPU from an ONNX file's bytes. */
export const createSession = (
  runtime: OnnxRuntime,
  bytes: Uint8Array,
  options: OnnxOptions,
): Promise<OnnxSession> =>
  runtime.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: onnxThreads(options),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // An arena would keep the peak of a crop's intermediate volumes, some 500 MB, for the life of the session.
    enableCpuMemArena: false,
    // Threads that wait by spinning would take the time in which the next points are sampled.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  });
