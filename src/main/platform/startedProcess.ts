import type { Port } from '#shared/rpc/port.ts';
import { createPortListeners } from '#shared/rpc/portListeners.ts';
import type { StartedWorker } from '#shared/workers/workerPool.ts';

/** A process of the program's own that was started. Closing its port ends it at once, whatever it does. */
export interface StartedProcess extends StartedWorker {
  /** Undefined while it is not there yet, and where it could not be started. */
  pid(): number | undefined;
}

/** What Node's child processes and Electron's utility processes have in common. */
export interface ProcessHandle {
  pid(): number | undefined;
  /** Copies the message; typed arrays arrive as such. Never called after the process has ended. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with words that say how it ended. */
  onEnd(listener: (how: string) => void): void;
  /** Ends it at once, native code too. */
  kill(): void;
}

/** The system may hold on to a process that was killed, as while a disk does not answer; nobody waits for that. */
const GONE_WITHIN_MS = 5000;

/** A process as a worker of a pool. One that ends though nobody ended it has failed, whatever its code. */
export function startedProcess(handle: ProcessHandle): StartedProcess {
  const listeners = createPortListeners();
  const hasEnded = new Promise<void>((resolve) => {
    handle.onEnd((how) => {
      listeners.closed(`A process ended early (${how}).`);
      resolve();
    });
  });
  handle.onMessage(listeners.message);
  const port: Port = {
    send(message) {
      if (!listeners.isClosed) handle.send(message);
    },
    onMessage: listeners.onMessage,
    onClose: listeners.onClose,
    close() {
      if (listeners.closed('closed here')) handle.kill();
    },
  };
  return {
    port,
    pid: handle.pid,
    async end() {
      port.close();
      let timer: NodeJS.Timeout | undefined;
      const isLate = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, GONE_WITHIN_MS);
      });
      await Promise.race([hasEnded, isLate]);
      clearTimeout(timer);
    },
  };
}
