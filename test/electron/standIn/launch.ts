import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { isLinkMessage, LinkedPorts, type MessagePortMain } from './messagePorts.ts';
import { SITUATION_VARIABLE, type Situation } from './situation.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Sends imports of `electron` to the stand-in; everything else stays as it is. */
const HOOKS = `export const resolve = (specifier, context, next) =>
  specifier === 'electron'
    ? { url: new URL('./electron.js', import.meta.url).href, shortCircuit: true }
    : next(specifier, context);
`;
const REGISTER = `import { register } from 'node:module';
register('./hooks.mjs', import.meta.url);
`;

export interface StandIn {
  readonly folder: string;
  remove(): void;
}

/** Builds the stand-in, once for a test file. */
export async function buildStandIn(): Promise<StandIn> {
  const folder = mkdtempSync(join(tmpdir(), 'auricle-stand-in-'));
  await build({
    entryPoints: ['start.ts', 'electron.ts', 'utilityStart.ts'].map((file) =>
      join(import.meta.dirname, file),
    ),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outdir: folder,
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'hooks.mjs'), HOOKS);
  writeFileSync(join(folder, 'register.mjs'), REGISTER);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface LaunchOptions extends Partial<Omit<Situation, 'paths'>> {
  /** The built entry, or a module of the test's own. Default: dist/main/electron.js. */
  readonly entry?: string;
  /** A folder for everything that the application may keep; it is made, and stays. */
  readonly home: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The program of Node that everything runs on. Default: this one. */
  readonly node?: string;
  /** Node's own arguments, for example to load something before everything else. */
  readonly execArgv?: readonly string[];
  /** How long anything that is awaited may take, ms. Default: long, because a loaded machine is slow. */
  readonly patienceMs?: number;
}

export interface Report {
  readonly name: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An application that runs on the stand-in, in a process of its own. */
export class Application {
  readonly reports: Report[] = [];
  /** Standard error and output. */
  output = '';
  private readonly end: Promise<number>;
  private readonly calls = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  private readonly waiting = new Set<() => void>();
  private readonly ports: LinkedPorts;

  constructor(
    private readonly child: ChildProcess,
    private readonly patienceMs: number,
  ) {
    this.ports = new LinkedPorts({ send: (message) => void (child.connected && child.send(message)) }, 't');
    child.on('message', (message) => this.receive(message));
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    this.end = new Promise((done) => {
      child.once('exit', (code, signal) => {
        this.ports.disconnected();
        for (const answer of this.calls.values()) answer({ error: 'the application ended' });
        for (const look of this.waiting) look();
        done(code ?? (signal ? -1 : 0));
      });
    });
  }

  /** The exit code, once it has ended; rejects where it goes on, for example because its page is held for ever. */
  get exited(): Promise<number> {
    return this.awaited(this.end, 'its end');
  }

  /** Does what a person, the system or the page would do. */
  async act<T = unknown>(name: string, params: unknown = {}): Promise<T> {
    const id = this.calls.size;
    const answer = new Promise<{ value?: unknown; error?: string }>((done) => this.calls.set(id, done));
    this.child.send({ kind: 'action', id, name, params });
    const { value, error } = await this.awaited(answer, `an answer to ${name}`);
    if (error !== undefined) throw new Error(error);
    return value as T; // the caller names what the action answers
  }

  /** Waits until the application has reported it (`count` times); rejects where it ends before. */
  saw(name: string, count = 1): Promise<Report> {
    return this.awaited(this.reported(name, count), name);
  }

  private async reported(name: string, count: number): Promise<Report> {
    for (;;) {
      const found = this.reports.filter((report) => report.name === name)[count - 1];
      if (found) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`It ended without ${name}: ${this.names().join(', ')}\n${this.output}`);
      await new Promise<void>((changed) => {
        const look = (): void => {
          this.waiting.delete(look);
          changed();
        };
        this.waiting.add(look);
      });
    }
  }

  /** Rejects where it takes so long that it will not come, and says what was reported until now. */
  private async awaited<T>(coming: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const missed = new Promise<never>((_, failed) => {
      timer = setTimeout(
        () => failed(new Error(`${what} does not come: ${this.names().join(', ')}\n${this.output}`)),
        this.patienceMs,
      );
    });
    try {
      return await Promise.race([coming, missed]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What was reported, in order. */
  names(): string[] {
    return this.reports.map(({ name }) => name);
  }

  /** The page's end of the port that the application gave it. */
  portOf(name: string): MessagePortMain {
    return this.ports.arrived(name);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private receive(message: unknown): void {
    if (isLinkMessage(message)) {
      this.ports.handle(message);
      return;
    }
    // Sent by `control.ts` only.
    const sent = message as
      | ({ kind: 'report' } & Report)
      | { kind: 'answer'; id: number; value?: unknown; error?: string };
    if (sent.kind === 'report') {
      this.reports.push({ name: sent.name, details: sent.details });
      for (const look of this.waiting) look();
    } else this.calls.get(sent.id)?.(sent);
  }
}

/** Starts an application on the stand-in. */
export function launch(standIn: StandIn, options: LaunchOptions): Application {
  const { home, entry = join(ROOT, 'dist/main/electron.js'), args = [] } = options;
  const paths = { home, appData: join(home, 'appData'), temp: join(home, 'temp') };
  for (const path of Object.values(paths)) mkdirSync(path, { recursive: true });
  const situation: Situation = {
    platform: options.platform ?? 'linux',
    isPackaged: options.isPackaged ?? true,
    switches: options.switches ?? {},
    paths,
    appPath: options.appPath ?? ROOT,
    canSandbox: options.canSandbox ?? true,
    hasGpu: options.hasGpu ?? true,
  };
  const child = fork(join(standIn.folder, 'start.js'), [entry, ...args], {
    cwd: home,
    execPath: options.node ?? process.execPath,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--import', join(standIn.folder, 'register.mjs'), ...(options.execArgv ?? [])],
    env: {
      ...process.env,
      HOME: home,
      XDG_DATA_HOME: join(home, 'share'),
      LOCALAPPDATA: join(home, 'Local'),
      NODE_OPTIONS: '',
      ...options.env,
      ELECTRON_DECLARATIONS: createRequire(import.meta.url).resolve('electron/electron.d.ts'),
      [SITUATION_VARIABLE]: JSON.stringify(situation),
    },
  });
  return new Application(child, options.patienceMs ?? 120_000);
}
