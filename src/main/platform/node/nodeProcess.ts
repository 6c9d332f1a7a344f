import { fork } from 'node:child_process';
import process from 'node:process';
import { type StartedProcess, startedProcess } from '../startedProcess.ts';

const STDERR = 2;

/**
 * Starts a built file in a process of Node. What it prints goes to this program's standard error. It holds a pipe to this
 * program as its standard input, and ends when that breaks.
 */
export function startNodeProcess(file: string): StartedProcess {
  const child = fork(file, [], {
    serialization: 'advanced',
    stdio: ['pipe', STDERR, STDERR, 'ipc'],
    // Two processes cannot be inspected on one port: the child prints the one that it gets.
    execArgv: process.execArgv.map((option) => option.replace(/^(--inspect(?:-brk)?)(?:=.*)?$/, '$1=0')),
  });
  return startedProcess({
    pid: () => child.pid,
    send(message) {
      // A process that has just ended is reported by its end, and not by what could not be sent any more.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onEnd(listener) {
      child.once('exit', (code, signal) => listener(signal ?? `code ${code}`));
      // Without an exit where it could not be started.
      child.once('error', ({ message }) => listener(message));
      // A process that closed its channel is of no use any more.
      child.once('disconnect', () => child.kill('SIGKILL'));
    },
    kill: () => void child.kill('SIGKILL'),
  });
}
