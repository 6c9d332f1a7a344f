import { EventEmitter } from 'node:events';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { isLinkMessage, LinkedPorts } from './messagePorts.ts';
import { isParentMessage, type ParentMessage } from './utilityProcess.ts';

/**
 * The beginning of a utility process: makes `process.parentPort` and loads the module that was forked.
 * https://www.electronjs.org/docs/latest/api/parent-port: "Messages received on this port will be queued up until a
 * handler is registered for this event."
 */
class ParentPort extends EventEmitter {
  private waiting: ParentMessage[] = [];
  private readonly ports = new LinkedPorts({ send: (message) => void process.send?.(message) }, 'u');

  constructor() {
    super();
    process.on('message', (message) => {
      if (isLinkMessage(message)) this.ports.handle(message);
      else if (isParentMessage(message)) {
        if (this.listenerCount('message') > 0) this.deliver(message);
        else this.waiting.push(message);
      }
    });
    // A process whose work is done ends, unless it listens to its parent.
    process.channel?.unref();
    this.on('newListener', (event) => {
      if (event !== 'message') return;
      process.channel?.ref();
      setImmediate(() => {
        for (const message of this.waiting.splice(0)) this.deliver(message);
      });
    });
    const end = (): void => process.exit(0);
    process.on('disconnect', end);
    // An application that was killed while this process began is gone already.
    if (!process.connected) end();
  }

  postMessage(data: unknown): void {
    process.send?.({ kind: 'parent-message', data, ports: [] } satisfies ParentMessage);
  }

  private deliver({ data, ports }: ParentMessage): void {
    this.emit('message', { data, ports: ports.map((name) => this.ports.arrived(name)) });
  }
}

const [, , modulePath = '', ...args] = process.argv;
process.argv.splice(1, process.argv.length - 1, modulePath, ...args);
Object.assign(process, { parentPort: new ParentPort(), type: 'utility' });
await import(pathToFileURL(modulePath).href);
