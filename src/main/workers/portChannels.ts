import type { Port } from '#shared/rpc/port.ts';
import { createPortListeners, type PortListeners } from '#shared/rpc/portListeners.ts';

/** What goes over the one port. The numbers are the opener's: each end counts its own. */
type ChannelMessage =
  | { readonly kind: 'open'; readonly id: number; readonly name: string; readonly data: unknown }
  | {
      readonly kind: 'message';
      readonly id: number;
      readonly byOpener: boolean;
      readonly message: unknown;
    }
  | { readonly kind: 'close'; readonly id: number; readonly byOpener: boolean };

export interface PortChannels {
  /**
   * Opens a channel; the other end gets its port by the name.
   * @param data plain data that the other end gets with the port
   */
  open(name: string, data?: unknown): Port;
  /** Gets the channels that the other end opens by this name; one that nobody waits for is closed. */
  onOpen(name: string, listener: (port: Port, data: unknown) => void): void;
}

/**
 * Several ports over one, between two parts of the program: where a port cannot be sent to the other end (to another
 * process), a channel is opened and joined to it. All channels close when the port closes.
 */
export function portChannels(port: Port): PortChannels {
  /** The channels that were opened here, and those that the other end opened. */
  const own = new Map<number, PortListeners>();
  const others = new Map<number, PortListeners>();
  const openers = new Map<string, (port: Port, data: unknown) => void>();
  let nextId = 0;
  let closedBecause: string | undefined;

  const send = (message: ChannelMessage): void => port.send(message);

  const channel = (id: number, byOpener: boolean): Port => {
    const channels = byOpener ? own : others;
    const listeners = createPortListeners();
    if (closedBecause === undefined) channels.set(id, listeners);
    else listeners.closed(closedBecause);
    return {
      send(message) {
        if (!listeners.isClosed) send({ kind: 'message', id, byOpener, message });
      },
      onMessage: listeners.onMessage,
      onClose: listeners.onClose,
      close() {
        channels.delete(id);
        if (listeners.closed('closed here')) send({ kind: 'close', id, byOpener });
      },
    };
  };

  const opened = (id: number, name: string, data: unknown): void => {
    const end = channel(id, false);
    const handOver = (): void => {
      const listener = openers.get(name);
      if (listener) listener(end, data);
      else end.close();
    };
    // What came before the channels were made arrives while they are made, ahead of `onOpen`.
    if (openers.has(name)) handOver();
    else void Promise.resolve().then(handOver);
  };

  port.onMessage((received) => {
    // Both ends of the port are this program, which sends nothing else over it.
    const message = received as ChannelMessage;
    if (message.kind === 'open') return opened(message.id, message.name, message.data);
    const channels = message.byOpener ? others : own;
    const listeners = channels.get(message.id);
    if (message.kind === 'message') return listeners?.message(message.message);
    channels.delete(message.id);
    listeners?.closed('closed by the other end');
  });

  port.onClose((reason) => {
    closedBecause = reason;
    for (const listeners of [...own.values(), ...others.values()]) listeners.closed(reason);
    own.clear();
    others.clear();
  });

  return {
    open(name, data) {
      const id = nextId++;
      const end = channel(id, true);
      send({ kind: 'open', id, name, data });
      return end;
    },
    onOpen(name, listener) {
      openers.set(name, listener);
    },
  };
}

/** Joins two ports: what arrives at one goes out at the other, and they close together. */
export function joinPorts(first: Port, second: Port): void {
  first.onMessage((message) => second.send(message));
  second.onMessage((message) => first.send(message));
  first.onClose(() => second.close());
  second.onClose(() => first.close());
}
