import { CancelledError, UserError } from '../errors.ts';
import type { OnProgress } from '../progress.ts';
import type { Contract, EventName, EventValue, HandlerJob, Handlers } from './contract.ts';
import { asError, ContractError, contractError, failureOf } from './failures.ts';
import { clientMessageSchema, type ServerMessage } from './messages.ts';
import type { Port } from './port.ts';
import { throttleProgress } from './throttleProgress.ts';

export interface RpcServerOptions {
  /** Hears of everything unexpected: a handler's bug, a call that does not fit. Callers get a sentence without causes. */
  readonly onBug?: (error: Error, where: string) => void;
  /** A clock, ms; for tests. */
  readonly nowMs?: () => number;
}

export interface RpcServer<C extends Contract> {
  /** Answers calls that arrive on the port until it closes; its running calls are then aborted. */
  serve(port: Port): void;
  /** Tells every port that is served. */
  emit<E extends EventName<C>>(event: E, value: EventValue<C, E>): void;
  /** Aborts what runs and closes all ports. */
  close(): void;
}

/** Any handler, seen from where its types are not known. */
type AnyHandler = (params: unknown, job: HandlerJob) => Promise<unknown>;

/** Serves a contract on any number of ports. Parameters are checked before a handler sees them. */
export function createRpcServer<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  { onBug = () => {}, nowMs = Date.now }: RpcServerOptions = {},
): RpcServer<C> {
  const ports = new Set<Port>();

  const answer = async (
    service: string,
    method: string,
    params: unknown,
    job: { signal: AbortSignal; onProgress: OnProgress },
  ): Promise<unknown> => {
    const methods = Object.hasOwn(contract.services, service) ? contract.services[service] : undefined;
    const schemas = methods && Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (!schemas) throw new ContractError(`There is no method ${service}.${method}.`);
    const parsed = schemas.params.safeParse(params);
    if (!parsed.success) throw contractError(`What was asked of ${service}.${method}`, parsed.error);
    // The names were found in the contract, and `Handlers` has a function for each of its methods; what the compiler
    // cannot follow is that the schema chosen by name and the handler chosen by name belong together.
    const handler = (handlers as unknown as Record<string, Record<string, AnyHandler>>)[service]?.[method];
    if (!handler) throw new Error(`Nothing handles ${service}.${method}.`);
    return handler(parsed.data, job);
  };

  const serve = (port: Port): void => {
    const running = new Map<number, AbortController>();
    const send = (message: ServerMessage): void => port.send(message);

    const run = async (id: number, service: string, method: string, params: unknown): Promise<void> => {
      const controller = new AbortController();
      running.set(id, controller);
      const { signal } = controller;
      const report = throttleProgress((progress) => send({ kind: 'progress', id, ...progress }), nowMs);
      try {
        const onProgress: OnProgress = (progress) => {
          if (running.has(id) && !signal.aborted) report(progress);
        };
        const result = await answer(service, method, params, { signal, onProgress });
        // The caller of a cancelled call has been told already.
        if (!signal.aborted) send({ kind: 'result', id, result });
      } catch (thrown) {
        const isExpected = thrown instanceof UserError || thrown instanceof CancelledError;
        if (!isExpected && !signal.aborted) onBug(asError(thrown), `${service}.${method}`);
        if (!signal.aborted) send({ kind: 'failed', id, failure: failureOf(thrown) });
      } finally {
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
      if (!parsed.success) return breakOff('A client sent what is no call; its connection was closed.');
      const { data } = parsed;
      if (data.kind === 'cancel') return running.get(data.id)?.abort();
      if (running.has(data.id)) return breakOff('A client used the number of a running call again.');
      void run(data.id, data.service, data.method, data.params);
    });
    port.onClose(() => {
      ports.delete(port);
      for (const controller of running.values()) controller.abort();
    });
  };

  return {
    serve,
    emit(name, value) {
      for (const port of ports) port.send({ kind: 'event', name, value } satisfies ServerMessage);
    },
    close() {
      for (const port of [...ports]) port.close();
    },
  };
}
