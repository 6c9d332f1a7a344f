import { z } from 'zod';
import type { JobOptions, OnProgress } from '../progress.ts';
import type { Port } from './port.ts';

/** The parameters and the result of a call. */
export interface MethodContract<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly params: P;
  readonly result: R;
  /**
   * Buffers of the result that move to the caller, where the port can move them; elsewhere they are copied. The handler
   * must not use them afterwards.
   */
  transferResult?(result: z.input<R>): readonly ArrayBufferLike[];
  /** Buffers of the parameters that move to the handler in the same way; the caller must not use them afterwards. */
  transferParams?(params: z.input<P>): readonly ArrayBufferLike[];
}

/** Services by name, their methods by name, and the events that the server may send at any time. */
export interface Contract {
  readonly services: Readonly<Record<string, Readonly<Record<string, MethodContract>>>>;
  readonly events: Readonly<Record<string, z.ZodType>>;
}

export const method = <P extends z.ZodType, R extends z.ZodType>(
  params: P,
  result: R,
  transferResult?: (result: z.input<R>) => readonly ArrayBufferLike[],
  transferParams?: (params: z.input<P>) => readonly ArrayBufferLike[],
): MethodContract<P, R> => ({
  params,
  result,
  ...(transferResult ? { transferResult } : {}),
  ...(transferParams ? { transferParams } : {}),
});

/**
 * A value between threads of the program, which TypeScript checks on both sides: nothing looks at it when it arrives, so
 * that bulk data costs nothing.
 */
export const unchecked = <T>(): z.ZodType<T, T> => z.custom<T>();

/** A method of the contract between renderer and main as it goes on to a thread: what came in was checked where it came in. */
export const uncheckedMethod = <P extends z.ZodType, R extends z.ZodType>(_method: MethodContract<P, R>) =>
  method(unchecked<z.output<P>>(), unchecked<z.input<R>>());

/** What a handler gets beside its parameters. */
export interface HandlerJob {
  /** Fires when the caller cancels or is gone. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** The port that the call came through; left out where a handler is called within the program. */
  readonly caller?: Port;
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

export interface MethodName {
  readonly service: string;
  readonly method: string;
}

/** The contract of a method by its name; undefined where there is none. */
export function findMethod(contract: Contract, { service, method }: MethodName): MethodContract | undefined {
  const methods = Object.hasOwn(contract.services, service) ? contract.services[service] : undefined;
  return methods && Object.hasOwn(methods, method) ? methods[method] : undefined;
}

/** One function for each method of a contract, all of which call `call`. */
export function clientServices<C extends Contract>(
  contract: C,
  call: (name: MethodName, params: unknown, options?: JobOptions) => Promise<unknown>,
): Client<C> {
  const services = Object.entries(contract.services).map(([service, methods]) => [
    service,
    Object.fromEntries(
      Object.keys(methods).map((method) => [
        method,
        (params: unknown, options?: JobOptions) => call({ service, method }, params, options),
      ]),
    ),
  ]);
  // Built from the contract's own names, one function for each method; fromEntries forgets the names.
  return Object.fromEntries(services) as unknown as Client<C>;
}
