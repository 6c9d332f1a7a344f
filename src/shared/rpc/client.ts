import { CancelledError, UserError } from '../errors.ts';
import { failure } from '../failures/failure.ts';
import type { JobOptions } from '../progress.ts';
import { type Client, type Contract, clientServices, findMethod, type MethodName } from './contract.ts';
import { createEventListeners, type EventListeners } from './eventListeners.ts';
import { asError, ContractError, contractError, errorOf } from './failures.ts';
import { type ClientMessage, type ServerMessage, serverMessageSchema } from './messages.ts';
import type { Port } from './port.ts';

export interface RpcClient<C extends Contract> {
  /** The contract's services; each method is a call. */
  readonly services: Client<C>;
  /** A method by its name, for code that passes calls on; the types are the caller's responsibility. */
  call(name: MethodName, params: unknown, options?: JobOptions): Promise<unknown>;
  /**
   * Resolves when the server has nothing of this client to do any more: every call was answered, cancelled ones included,
   * or the connection is gone.
   */
  settled(): Promise<void>;
  /** @returns a function that ends the subscription */
  readonly on: EventListeners<C>['on'];
  /** Called when the connection is gone, with a sentence; at once where it is gone already. */
  onClose(listener: (reason: string) => void): () => void;
  /** Goes on over another port after the last one closed: new calls go through it, and listeners to events stay. */
  resume(port: Port): void;
  close(): void;
}

export interface RpcClientOptions {
  /** Called with what the server should not have sent. */
  readonly onBug?: (error: Error) => void;
  /** The error of calls that were not answered when the connection closed. Default: `rpc.connection-lost`. */
  readonly closeError?: (reason: string) => Error;
}

interface PendingCall {
  progress(message: Extract<ServerMessage, { kind: 'progress' }>): void;
  resolve(result: unknown): void;
  reject(reason: Error): void;
}

/** The client's end of a contract. Each result is checked before the caller sees it. */
export function createRpcClient<C extends Contract>(
  contract: C,
  firstPort: Port,
  {
    onBug = () => {},
    closeError = () => new UserError(failure('rpc.connection-lost')),
  }: RpcClientOptions = {},
): RpcClient<C> {
  const pending = new Map<number, PendingCall>();
  /** What the server may still be at work on: pending calls, and cancelled ones until it says that they are over. */
  const unanswered = new Set<number>();
  let onSettled: (() => void)[] = [];
  const events = createEventListeners<C>();
  const closeListeners = new Set<(reason: string) => void>();
  let closedBecause: string | undefined;
  let nextId = 0;
  let port = firstPort;

  const send = (message: ClientMessage, transfer?: readonly ArrayBufferLike[]): void =>
    port.send(message, transfer);

  const isOver = (id: number): void => {
    unanswered.delete(id);
    if (unanswered.size > 0) return;
    const listeners = onSettled;
    onSettled = [];
    for (const listener of listeners) listener();
  };

  const call = (
    name: MethodName,
    params: unknown,
    { signal, onProgress }: JobOptions = {},
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const schemas = findMethod(contract, name);
      if (!schemas) return reject(new ContractError(`There is no method ${name.service}.${name.method}.`));
      if (closedBecause !== undefined) return reject(new UserError(failure('rpc.not-connected')));
      if (signal?.aborted) return reject(new CancelledError());
      const id = nextId++;
      const settle = (): void => {
        pending.delete(id);
        signal?.removeEventListener('abort', cancel);
      };
      const cancel = (): void => {
        settle();
        send({ kind: 'cancel', id });
        reject(new CancelledError());
      };
      signal?.addEventListener('abort', cancel);
      unanswered.add(id);
      pending.set(id, {
        progress: ({ stage, fraction }) => onProgress?.({ stage, fraction }),
        resolve(result) {
          settle();
          const parsed = schemas.result.safeParse(result);
          if (parsed.success) return resolve(parsed.data);
          const error = contractError(`The answer of ${name.service}.${name.method}`, parsed.error);
          onBug(error);
          reject(error);
        },
        reject(reason) {
          settle();
          reject(reason);
        },
      });
      try {
        send({ kind: 'call', id, ...name, params }, schemas.transferParams?.(params));
      } catch (thrown) {
        pending
          .get(id)
          ?.reject(
            new ContractError(`${name.service}.${name.method} cannot be sent: ${asError(thrown).message}`),
          );
        isOver(id);
      }
    });

  const handleEvent = (name: string, value: unknown): void => {
    const schema = Object.hasOwn(contract.events, name) ? contract.events[name] : undefined;
    if (!schema) {
      onBug(new ContractError(`There is no event ${name}.`));
      return;
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      onBug(contractError(`The event ${name}`, parsed.error));
      return;
    }
    events.notify(name, parsed.data);
  };

  const handle: Parameters<Port['onMessage']>[0] = (message) => {
    const parsed = serverMessageSchema.safeParse(message);
    if (!parsed.success) {
      onBug(new ContractError('The engine sent what is not an answer; the connection was closed.'));
      return port.close();
    }
    const { data } = parsed;
    switch (data.kind) {
      case 'event':
        return handleEvent(data.name, data.value);
      // What arrives late, after a cancel, finds no call and is dropped.
      case 'progress':
        return pending.get(data.id)?.progress(data);
      case 'result':
        pending.get(data.id)?.resolve(data.result);
        return isOver(data.id);
      case 'failed':
        pending.get(data.id)?.reject(errorOf(data.failure));
        return isOver(data.id);
    }
  };
  const use = (next: Port): void => {
    port = next;
    closedBecause = undefined;
    next.onMessage(handle);
    next.onClose((reason) => {
      closedBecause = reason;
      for (const { reject } of [...pending.values()]) reject(closeError(reason));
      for (const id of [...unanswered]) isOver(id);
      for (const listener of [...closeListeners]) listener(reason);
    });
  };
  use(firstPort);

  return {
    services: clientServices(contract, call),
    call,
    settled: () =>
      new Promise((resolve) => {
        if (unanswered.size === 0) resolve();
        else onSettled.push(resolve);
      }),
    on: events.on,
    onClose(listener) {
      closeListeners.add(listener);
      if (closedBecause !== undefined) listener(closedBecause);
      return () => closeListeners.delete(listener);
    },
    resume(next) {
      if (closedBecause === undefined) throw new Error('The connection is not closed.');
      use(next);
    },
    close: () => port.close(),
  };
}
