import type { z } from 'zod';
import type { JobOptions, OnProgress } from '../progress.ts';

/** What a call takes and gives. */
export interface MethodContract<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly params: P;
  readonly result: R;
}

/** Services by name, their methods by name, and what the server may tell at any time. */
export interface Contract {
  readonly services: Readonly<Record<string, Readonly<Record<string, MethodContract>>>>;
  readonly events: Readonly<Record<string, z.ZodType>>;
}

export const method = <P extends z.ZodType, R extends z.ZodType>(
  params: P,
  result: R,
): MethodContract<P, R> => ({ params, result });

/** What a handler gets beside its parameters. */
export interface HandlerJob {
  /** Fires when the caller cancels or is gone. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** The server's side of a contract. */
export type Handlers<C extends Contract> = {
  readonly [S in keyof C['services']]: {
    readonly [M in keyof C['services'][S]]: (
      params: z.output<C['services'][S][M]['params']>,
      job: HandlerJob,
    ) => Promise<z.input<C['services'][S][M]['result']>>;
  };
};

/** The client's side: each method is a call that can be cancelled and reports progress. */
export type Client<C extends Contract> = {
  readonly [S in keyof C['services']]: {
    readonly [M in keyof C['services'][S]]: (
      params: z.input<C['services'][S][M]['params']>,
      options?: JobOptions,
    ) => Promise<z.output<C['services'][S][M]['result']>>;
  };
};

export type EventName<C extends Contract> = keyof C['events'] & string;
export type EventValue<C extends Contract, E extends EventName<C>> = z.output<C['events'][E]>;
