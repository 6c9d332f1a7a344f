import { CancelledError, UserError } from '../errors.ts';
import type { OnProgress } from '../progress.ts';
import {
  type Contract,
  type EventName,
  type EventValue,
  findMethod,
  type HandlerJob,
  type Handlers,
  type MethodName,
} from './contract.ts';
import { asError, ContractError, contractError, failureOf } from './failures.ts';
import { clientMessageSchema, type ServerMessage } from './messages.ts';
import type { Port } from './port.ts';
import { throttleProgress } from './throttleProgress.ts';

export interface RpcServerOptions {
  /** Called with everything unexpected: a handler's bug, a call that does not fit. Callers get a sentence without causes. */
  readonly onBug?: (error: Error, where: string) => void;
  /** Bugs reach the caller with their own message: it is the program itself, which logs them. Default: false. */
  readonly explainsBugs?: boolean;
  /** A clock, ms; for tests. */
  readonly nowMs?: () => number;
}

export interface RpcServer<C extends Contract> {
  /** Answers calls that arrive on the port until it closes; its running calls are then aborted. */
  serve(port: Port): void;
  /** Sends an event to every port that is served, or to one of them. */
  emit<E extends EventName<C>>(event: E, value: EventValue<C, E>, to?: Port): void;
  /** Resolves when no handler runs. */
  settled(): Promise<void>;
  /** Aborts what runs and closes all ports. */
  close(): void;
}

/** Any handler, seen from where its types are not known. */
type AnyHandler = (params: unknown, job: HandlerJob) => Promise<unknown>;

/** Serves a contract on any number of ports. Parameters are checked before a handler sees them. */
export function createRpcServer<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  { onBug = () => {}, explainsBugs = false, nowMs = Date.now }: RpcServerOptions = {},
): RpcServer<C> {
  const ports = new Set<Port>();
  const runs = new Set<Promise<void>>();

  const answer = async (
    { service, method }: MethodName,
    params: unknown,
    job: HandlerJob,
  ): Promise<{ readonly result: unknown; readonly transfer: readonly ArrayBufferLike[] }> => {
    const schemas = findMethod(contract, { service, method });
    if (!schemas) throw new ContractError(`There is no method ${service}.${method}.`);
    const parsed = schemas.params.safeParse(params);
    if (!parsed.success) throw contractError(`What was asked of ${service}.${method}`, parsed.error);
    // The names were found in the contract, and `Handlers` has a function for each of its methods; what the compiler
    // cannot follow is that the schema chosen by name and the handler chosen by name belong together.
    const handler = (handlers as unknown as Record<string, Record<string, AnyHandler>>)[service]?.[method];
    if (!handler) throw new Error(`Nothing handles ${service}.${method}.`);
    const result = await handler(parsed.data, job);
    return { result, transfer: schemas.transferResult?.(result) ?? [] };
  };

  const serve = (port: Port): void => {
    const running = new Map<number, AbortController>();
    const send = (message: ServerMessage, transfer?: readonly ArrayBufferLike[]): void =>
      port.send(message, transfer);

    const run = async (id: number, name: MethodName, params: unknown): Promise<void> => {
      const controller = new AbortController();
      running.set(id, controller);
      const { signal } = controller;
      const report = throttleProgress((progress) => send({ kind: 'progress', id, ...progress }), nowMs);
      try {
        const onProgress: OnProgress = (progress) => {
          if (running.has(id) && !signal.aborted) report(progress);
        };
        const { result, transfer } = await answer(name, params, { signal, onProgress, caller: port });
        if (!signal.aborted) send({ kind: 'result', id, result }, transfer);
      } catch (thrown) {
        const isExpected = thrown instanceof UserError || thrown instanceof CancelledError;
        if (!isExpected && !signal.aborted) onBug(asError(thrown), `${name.service}.${name.method}`);
        if (!signal.aborted) send({ kind: 'failed', id, failure: failureOf(thrown, explainsBugs) });
      } finally {
        // Nobody waits for the answer of a cancelled call, but its client may wait for its end.
        if (signal.aborted) send({ kind: 'failed', id, failure: failureOf(new CancelledError()) });
        running.delete(id);
      }
    };

    const breakOff = (reason: string): void => {
      onBug(new ContractError(reason), 'connection');
      port.close();
    };

    ports.add(port);
    port.onMessage((message) => {
      const parsed = clientMessageSchema.safeParse(message);
      if (!parsed.success) return breakOff('A client sent what is not a call; its connection was closed.');
      const { data } = parsed;
      if (data.kind === 'cancel') return running.get(data.id)?.abort();
      if (running.has(data.id)) return breakOff('A client used the number of a running call again.');
      const isOver = run(data.id, data, data.params).finally(() => runs.delete(isOver));
      runs.add(isOver);
    });
    port.onClose(() => {
      ports.delete(port);
      for (const controller of running.values()) controller.abort();
    });
  };

  return {
    serve,
    async settled() {
      while (runs.size > 0) await Promise.all(runs);
    },
    emit(name, value, to) {
      for (const port of ports) {
        if (to === undefined || to === port)
          port.send({ kind: 'event', name, value } satisfies ServerMessage);
      }
    },
    close() {
      for (const port of [...ports]) port.close();
    },
  };
}
