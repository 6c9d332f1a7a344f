import { utilityProcess } from 'electron';
import { type StartedProcess, startedProcess } from '../startedProcess.ts';

/**
 * Starts a built file in a utility process, which ends with the application. Electron's own Node cannot be started by
 * itself here: the fuse `runAsNode` is off. Only after Electron is ready.
 */
export function startUtilityProcess(file: string): StartedProcess {
  const child = utilityProcess.fork(file, [], { serviceName: 'Auricle engine' });
  let isKilled = false;
  // One that is not there yet cannot be killed.
  child.once('spawn', () => {
    if (isKilled) child.kill();
  });
  return startedProcess({
    pid: () => child.pid,
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onEnd: (listener) => void child.once('exit', (code) => listener(`code ${code}`)),
    kill() {
      isKilled = true;
      child.kill();
    },
  });
}
