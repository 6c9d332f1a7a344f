import process from 'node:process';
import { Worker } from 'node:worker_threads';
import type { Port } from '#shared/rpc/port.ts';
import { createPortListeners } from '#shared/rpc/portListeners.ts';

/** What a utility process of Electron has as `process.parentPort`; other processes have none. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/**
 * The port of this process to the program that started it (`Platform.startProcess`). The process ends with that program:
 * Electron sees to it for its utility processes, Node's children see to it here.
 */
export function parentProcess(): Port {
  // The program ends its processes itself; Ctrl+C in a terminal reaches all of them.
  process.on('SIGINT', () => undefined);
  const { parentPort } = process as { readonly parentPort?: ParentPort };
  return parentPort ? utilityPort(parentPort) : nodePort();
}

function utilityPort(parent: ParentPort): Port {
  const listeners = createPortListeners();
  parent.on('message', ({ data }) => listeners.message(data));
  return portOf(listeners, (message) => parent.postMessage(message));
}

function nodePort(): Port {
  const listeners = createPortListeners();
  process.on('message', listeners.message);
  process.on('disconnect', () => process.exit());
  endWithInput();
  // Who is gone needs no answer.
  return portOf(listeners, (message) => process.send?.(message, undefined, undefined, () => undefined));
}

const portOf = (
  { onMessage, onClose }: ReturnType<typeof createPortListeners>,
  send: (message: unknown) => void,
): Port => ({ send, onMessage, onClose, close: () => process.exit() });

/**
 * Ends this process when its standard input does, a pipe from the program that started it: also while native code runs
 * or hangs and no event arrives in this thread, as after that program was killed. Windows ends such processes itself.
 */
function endWithInput(): void {
  if (process.platform === 'win32') return;
  const watch = `
    const { Socket } = require('node:net');
    new Socket({ fd: 0, readable: true, writable: false })
      .on('error', () => undefined)
      .on('close', () => process.kill(process.pid, 'SIGKILL'))
      .resume();`;
  const watcher = new Worker(watch, { eval: true });
  // Without it the process ends at its next event.
  watcher.on('error', () => undefined);
  watcher.unref();
}
