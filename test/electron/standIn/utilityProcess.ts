import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { report } from './control.ts';
import { declaredEvents, declaredOptions } from './declarations.ts';
import { isLinkMessage, LinkedPorts, type MessagePortMain } from './messagePorts.ts';
import { ElectronRule, onlyKnown, onlyWhenReady, StrictEmitter } from './rules.ts';

/**
 * Utility processes: https://www.electronjs.org/docs/latest/api/utility-process
 *
 * The child is a Node process that starts with `utilityStart.ts`, which gives it `process.parentPort` and then loads the
 * module. `exit` comes with the number of the signal where the child was killed by one, as `waitpid` gives it.
 */

type Output = 'pipe' | 'ignore' | 'inherit';

export interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: string[];
  readonly cwd?: string;
  readonly stdio?: string | readonly string[];
  readonly serviceName?: string;
}

/** What crosses from the main process to a utility process and back, beside messages of transferred ports. */
export interface ParentMessage {
  readonly kind: 'parent-message';
  readonly data: unknown;
  readonly ports: readonly string[];
}

export const isParentMessage = (message: unknown): message is ParentMessage =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'parent-message';

/** https://www.electronjs.org/docs/latest/api/app#event-child-process-gone */
export interface UtilityGone {
  readonly type: 'Utility';
  readonly reason: 'clean-exit' | 'abnormal-exit' | 'killed' | 'crashed';
  readonly exitCode: number;
  readonly name: string;
  readonly serviceName: string;
}

const alive = new Set<UtilityProcess>();
let onGone: (gone: UtilityGone) => void = () => {};

/** Where the application is notified of processes that ended other than cleanly. */
export const onUtilityGone = (listener: (gone: UtilityGone) => void): void => {
  onGone = listener;
};

/** They end with the application. */
export const endUtilityProcesses = (): void => {
  for (const child of alive) child.kill();
};

/** "Configuring stdin to any property other than ignore is not supported and will result in an error." */
function outputs(stdio: ForkOptions['stdio'] = 'inherit'): readonly [Output, Output] {
  const [stdin, stdout, stderr] = typeof stdio === 'string' ? ['ignore', stdio, stdio] : stdio;
  if (stdin !== 'ignore') throw new ElectronRule('stdin of a utility process can only be ignored');
  const isOutput = (value: string | undefined): value is Output =>
    value === 'pipe' || value === 'ignore' || value === 'inherit';
  if (!isOutput(stdout) || !isOutput(stderr))
    throw new ElectronRule('stdout and stderr of a utility process are pipe, ignore or inherit');
  return [stdout, stderr];
}

export class UtilityProcess extends StrictEmitter {
  /** Undefined before `spawn` and after `exit`. */
  pid: number | undefined = undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  private readonly child: ChildProcess;
  private readonly ports: LinkedPorts;
  private isKilled = false;

  private constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super('utilityProcess', declaredEvents('UtilityProcess'));
    const [stdout, stderr] = outputs(options.stdio);
    this.child = fork(new URL('./utilityStart.js', import.meta.url), [modulePath, ...args], {
      serialization: 'advanced',
      stdio: ['ignore', stdout, stderr, 'ipc'],
      env: options.env ?? process.env,
      execArgv: options.execArgv ?? process.execArgv,
      ...withoutUndefined({ cwd: options.cwd }),
    });
    this.stdout = this.child.stdout;
    this.stderr = this.child.stderr;
    const { child } = this;
    this.ports = new LinkedPorts({ send: (message) => void (child.connected && child.send(message)) }, 'm');
    alive.add(this);
    child.once('spawn', () => {
      this.pid = child.pid;
      this.emit('spawn');
    });
    child.on('message', (message) => {
      if (isLinkMessage(message)) this.ports.handle(message);
      else if (isParentMessage(message)) this.emit('message', message.data);
    });
    child.once('exit', (code, signal) => {
      alive.delete(this);
      this.pid = undefined;
      this.ports.disconnected();
      const exitCode = code ?? (signal ? constants.signals[signal] : 1);
      this.emit('exit', exitCode);
      if (code === 0) return;
      const reason =
        code !== null ? 'abnormal-exit' : this.isKilled || signal === 'SIGKILL' ? 'killed' : 'crashed';
      const name = options.serviceName ?? 'Node Utility Process';
      onGone({ type: 'Utility', reason, exitCode, name, serviceName: 'node.mojom.NodeService' });
    });
  }

  static fork(
    modulePath: string,
    args: string[] | ForkOptions = [],
    options: ForkOptions = {},
  ): UtilityProcess {
    if (!Array.isArray(args)) return UtilityProcess.fork(modulePath, [], args);
    onlyWhenReady('utilityProcess.fork');
    onlyKnown('utilityProcess.fork', options, declaredOptions('ForkOptions'));
    report('utility-process', { modulePath });
    return new UtilityProcess(modulePath, args, options);
  }

  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []): void {
    // After its end there is nobody to receive it; Electron drops it too.
    if (!this.child.connected) return;
    const ports = transfer.map((port) => port.transferOver(this.ports));
    this.child.send({ kind: 'parent-message', data: message, ports } satisfies ParentMessage);
  }

  /** "On POSIX, it uses SIGTERM"; whether that was possible. */
  kill(): boolean {
    this.isKilled = true;
    return this.child.kill('SIGTERM');
  }
}
