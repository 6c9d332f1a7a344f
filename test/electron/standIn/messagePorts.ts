import { EventEmitter } from 'node:events';
import { ElectronRule } from './rules.ts';

/**
 * Message ports of the main process: https://www.electronjs.org/docs/latest/api/message-port-main
 * and https://www.electronjs.org/docs/latest/api/message-channel-main.
 *
 * - "Messages will be queued until this method is called" (`start`).
 * - Only ports can be transferred; everything else is cloned.
 * - `close`: "Emitted when the remote end of a MessagePortMain object becomes disconnected."
 *
 * A port can be transferred to another process (a utility process, a page) over a `PortLink`. Its side of the channel
 * then forwards to the link; the other side notices nothing.
 */

/** A way to another process. Messages are cloned by what carries them (Node's advanced serialization). */
export interface PortLink {
  send(message: LinkMessage): void;
}

/** What crosses a link for ports that were transferred over it; each side numbers the ports that it sends. */
export type LinkMessage =
  | { readonly kind: 'port-message'; readonly port: string; readonly data: unknown; readonly ports: string[] }
  | { readonly kind: 'port-closed'; readonly port: string };

/** One end of a channel: a port of this process, or the way to where it was transferred. */
interface End {
  receive(data: unknown, ports: MessagePortMain[]): void;
  /** The other end was closed. */
  disconnected(): void;
}

/** Two ends; what is sent from one side reaches the other, wherever it is by then. */
class Channel {
  readonly ends: [End | undefined, End | undefined] = [undefined, undefined];
  private isClosed = false;
  send(side: 0 | 1, data: unknown, ports: MessagePortMain[]): void {
    if (!this.isClosed) this.ends[side === 0 ? 1 : 0]?.receive(data, ports);
  }
  close(side: 0 | 1): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.ends[side === 0 ? 1 : 0]?.disconnected();
  }
}

interface Received {
  readonly data: unknown;
  readonly ports: MessagePortMain[];
}

export class MessagePortMain extends EventEmitter implements End {
  private queue: Received[] = [];
  private isStarted = false;
  private isTransferred = false;

  constructor(
    private readonly channel: Channel,
    private readonly side: 0 | 1,
  ) {
    super();
    channel.ends[side] = this;
  }

  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []): void {
    if (this.isTransferred) throw new ElectronRule('A port that was transferred cannot be used any more');
    for (const port of transfer) {
      if (!(port instanceof MessagePortMain))
        throw new ElectronRule('Only ports can be transferred by a MessagePortMain');
      if (port === this) throw new ElectronRule('A port cannot transfer itself');
    }
    this.channel.send(
      this.side,
      cloned(message),
      transfer.map((port) => port.moved()),
    );
  }

  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    // Never within the call: a port's messages are tasks of their own.
    for (const received of this.queue.splice(0)) this.deliver(received);
  }

  close(): void {
    this.channel.close(this.side);
  }

  receive(data: unknown, ports: MessagePortMain[]): void {
    const received = { data, ports };
    if (this.isStarted) this.deliver(received);
    else this.queue.push(received);
  }

  disconnected(): void {
    setImmediate(() => this.emit('close'));
  }

  private deliver(received: Received): void {
    setImmediate(() => this.emit('message', received));
  }

  /** The same side of the channel as another object; this one cannot be used any more. */
  private moved(): MessagePortMain {
    const port = new MessagePortMain(this.channel, this.side);
    for (const { data, ports } of this.detach()) port.receive(data, ports);
    return port;
  }

  private detach(): Received[] {
    if (this.isTransferred) throw new ElectronRule('A port can be transferred only once');
    this.isTransferred = true;
    return this.queue.splice(0);
  }

  /** Moves this side of the channel to the other end of a link. @returns what the link calls it */
  transferOver(ports: LinkedPorts): string {
    const waiting = this.detach();
    const remote = ports.attach({
      receive: (data, transferred) => this.channel.send(this.side, data, transferred),
      disconnected: () => this.channel.close(this.side),
    });
    this.channel.ends[this.side] = remote.end;
    for (const { data, ports: carried } of waiting) remote.end.receive(data, carried);
    return remote.name;
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;
  constructor() {
    const channel = new Channel();
    this.port1 = new MessagePortMain(channel, 0);
    this.port2 = new MessagePortMain(channel, 1);
  }
}

/** Structured clone, without memory that two processes would share. */
function cloned(message: unknown): unknown {
  const copy = structuredClone(message);
  if (copy instanceof SharedArrayBuffer)
    throw new ElectronRule('A SharedArrayBuffer cannot cross to another process');
  return copy;
}

/** The ports that were transferred over one link, in both directions. */
export class LinkedPorts {
  private readonly ends = new Map<string, End>();
  /** What came for ports that have not arrived yet: it waited in them before they were transferred. */
  private readonly early = new Map<string, LinkMessage[]>();
  private count = 0;

  /** @param prefix differs between the two sides of a link, so that their names do */
  constructor(
    private readonly link: PortLink,
    private readonly prefix: string,
  ) {}

  /** Names a port that this side sends over the link; `local` gets what comes back. */
  attach(local: End): { readonly name: string; readonly end: End } {
    const name = `${this.prefix}${this.count++}`;
    this.ends.set(name, local);
    return { name, end: this.endOf(name) };
  }

  /** The port that the other side sent under a name. */
  arrived(name: string): MessagePortMain {
    const channel = new Channel();
    const port = new MessagePortMain(channel, 0);
    channel.ends[1] = this.endOf(name);
    this.ends.set(name, {
      receive: (data, ports) => channel.send(1, data, ports),
      disconnected: () => channel.close(1),
    });
    const early = this.early.get(name) ?? [];
    this.early.delete(name);
    for (const message of early) this.handle(message);
    return port;
  }

  handle(message: LinkMessage): void {
    const end = this.ends.get(message.port);
    if (!end && !message.port.startsWith(this.prefix)) {
      const waiting = this.early.get(message.port) ?? [];
      this.early.set(message.port, [...waiting, message]);
      return;
    }
    if (message.kind === 'port-message')
      end?.receive(
        message.data,
        message.ports.map((name) => this.arrived(name)),
      );
    else {
      this.ends.delete(message.port);
      end?.disconnected();
    }
  }

  /** The other process is gone. */
  disconnected(): void {
    const ends = [...this.ends.values()];
    this.ends.clear();
    for (const end of ends) end.disconnected();
  }

  /** One port's other end is gone, though not the process behind the link (a page whose script is the test). */
  portGone(name: string): void {
    this.handle({ kind: 'port-closed', port: name });
    this.link.send({ kind: 'port-closed', port: name });
  }

  private endOf(name: string): End {
    return {
      receive: (data, ports) =>
        this.link.send({
          kind: 'port-message',
          port: name,
          data,
          ports: ports.map((port) => port.transferOver(this)),
        }),
      disconnected: () => {
        this.ends.delete(name);
        this.link.send({ kind: 'port-closed', port: name });
      },
    };
  }
}

export const isLinkMessage = (message: unknown): message is LinkMessage =>
  typeof message === 'object' &&
  message !== null &&
  'kind' in message &&
  (message.kind === 'port-message' || message.kind === 'port-closed');
