import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** The engine's process, replaced by a new one after each build. */
export interface Engine {
  /** Port on the loopback interface of the engine that runs now; undefined while none does. */
  port(): number | undefined;
  /** Ends the engine that runs and starts another one. Calls that overlap run one after the other. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What a started engine prints with `--json`. */
interface StartedEngine {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly port: number;
  readonly token: string;
}

async function start(program: string, dataFolder: string): Promise<StartedEngine> {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', program, '--json', '--no-open', '--port', '0', '--data', dataFolder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then(() => reject(new Error('The engine ended before it was ready; its message is above.')));
  });
  const { url } = JSON.parse(line) as { readonly url: string };
  const { port, hash } = new URL(url);
  return { child, ended, port: Number(port), token: new URLSearchParams(hash.slice(1)).get('token') ?? '' };
}

/**
 * @param program the built entry of the browser target's server
 * @param onStart gets the one-time token of each engine that was started
 */
export function createEngine(program: string, dataFolder: string, onStart: (token: string) => void): Engine {
  let running: StartedEngine | undefined;
  let isStopped = false;
  let last = Promise.resolve();

  async function end(): Promise<void> {
    const ending = running;
    running = undefined;
    ending?.child.kill('SIGTERM');
    await ending?.ended;
  }

  const next = (step: () => Promise<void>): Promise<void> => {
    last = last.then(step, step);
    return last;
  };

  return {
    port: () => running?.port,
    restart: () =>
      next(async () => {
        await end();
        if (isStopped) return;
        running = await start(program, dataFolder);
        onStart(running.token);
      }),
    stop: () => {
      isStopped = true;
      return next(end);
    },
  };
}
