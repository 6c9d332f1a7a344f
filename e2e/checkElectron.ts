import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { _electron, type ElectronApplication } from 'playwright-core';
import { electronRuntime } from '../test/electron/testing/electronRuntime.ts';
import { auriclePage } from './pages/auriclePage.ts';

/**
 * `npm run check:electron`: the first checks on a real runtime, for a person with a display. The built program opens,
 * segments the sample study (a phantom), exports and ends; what held is printed, one line each.
 */
const ROOT = resolve(import.meta.dirname, '..');

/** Finding, segmenting and exporting on a slow processor. */
const LIMIT_MS = 240_000;
/** Ending takes a second. */
const CLOSE_LIMIT_MS = 15_000;

/** `process` of Electron is asked for as `globalThis.process`: imports of this file are not there. */
type Check = readonly [name: string, run: () => Promise<string>];

export default async function checkElectron(): Promise<number> {
  const runtime = electronRuntime();
  if (runtime.kind === 'missing') {
    process.stdout.write(
      `Not checked: ${runtime.reason}. Run \`npx install-electron\` on a machine with a display.\n`,
    );
    return 1;
  }
  if (!existsSync(join(ROOT, 'dist', 'built'))) {
    process.stdout.write('Not checked: the program is not built. Run `npm run build` first.\n');
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'auricle-check-'));
  let failed = 0;
  const hold = async (name: string, run: () => Promise<string>): Promise<void> => {
    try {
      process.stdout.write(`held    ${name}: ${await within(LIMIT_MS, run())}\n`);
    } catch (thrown) {
      failed += 1;
      process.stdout.write(`FAILED  ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    }
  };
  try {
    let application: ElectronApplication | undefined;
    await hold('the program starts', async () => {
      application = await start(runtime.program, [ROOT, `--user-data-dir=${join(folder, 'profile')}`]);
      return runtime.program;
    });
    if (application) {
      for (const [name, run] of checksOf(application, folder)) await hold(name, run);
      await within(CLOSE_LIMIT_MS, application.close()).catch(() => application?.process().kill('SIGKILL'));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(failed === 0 ? 'All held.\n' : `${failed} did not hold.\n`);
  return failed === 0 ? 0 : 1;
}

/** Starts the program, with its sandbox. @throws where it ends at once, with what it printed */
async function start(executablePath: string, args: string[]): Promise<ElectronApplication> {
  // Playwright leaves a rejection of its own beside the one that it returns.
  const ignore = (): void => undefined;
  process.on('unhandledRejection', ignore);
  try {
    return await _electron.launch({ executablePath, args, chromiumSandbox: true });
  } finally {
    await new Promise((done) => setImmediate(done));
    process.off('unhandledRejection', ignore);
  }
}

/** Fails where something does not come: a person is not left waiting. */
async function within<Value>(limitMs: number, coming: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not within ${limitMs / 1000} s`)), limitMs);
  });
  return Promise.race([coming, late]).finally(() => clearTimeout(timer));
}

function must(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}

function checksOf(application: ElectronApplication, folder: string): readonly Check[] {
  const auricle = async () => {
    const page = await application.firstWindow();
    page.setDefaultTimeout(LIMIT_MS);
    return auriclePage(page);
  };
  return [
    [
      'a real process of Electron',
      () =>
        application.evaluate(
          () =>
            `Electron ${globalThis.process.versions.electron}, Chromium ${globalThis.process.versions.chrome}`,
        ),
    ],
    [
      'the page comes through app:// and has the one function',
      async () => {
        const { page, start } = await auricle();
        await start.acceptNotice();
        const exposed: string = await page.evaluate('Object.keys(window.auricle).join()');
        must(
          page.url().startsWith('app://auricle/') && exposed === 'requestPort',
          `${page.url()} ${exposed}`,
        );
        return `${page.url()}, ${exposed}`;
      },
    ],
    [
      'what draws',
      async () => JSON.stringify(await application.evaluate(({ app }) => app.getGPUFeatureStatus())),
    ],
    [
      // Chromium's sandbox of memory: the reason why Dawn is not loaded here.
      'the memory cage',
      async () => {
        // Electron's configuration names pointer compression, with which it builds the cage.
        const said = await application.evaluate(() =>
          ['v8_enable_sandbox', 'v8_enable_pointer_compression'].filter((name) =>
            Boolean(Number(Reflect.get(globalThis.process.config.variables, name) ?? 0)),
          ),
        );
        must(said.length > 0, 'V8 does not say that it was built with it');
        return said.join(', ');
      },
    ],
    [
      'the ONNX session, in a process of its own',
      async () => {
        const { status } = await auricle();
        await status.engineReady();
        const processes = await application.evaluate(({ app }) =>
          app.getAppMetrics().map(({ type, name }) => `${type} ${name ?? ''}`.trim()),
        );
        const shown = `${await status.engine.textContent()}; processes: ${processes.join(', ')}`;
        must(processes.includes('Utility Auricle engine'), shown);
        return shown;
      },
    ],
    [
      'a phantom is segmented',
      async () => {
        const shown = await auricle();
        await shown.openSample();
        await shown.segment();
        return `${await shown.appendage.volumeMl()} mL; ${await shown.status.graphics.textContent()}`;
      },
    ],
    [
      'its files are written where a person chooses',
      async () => {
        // The system's own dialog cannot be pressed by a script.
        await application.evaluate(({ dialog }, chosen) => {
          dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
        }, folder);
        const { export: exporting } = await auricle();
        await exporting.open();
        await exporting.run.click();
        await exporting.dialog.waitFor({ state: 'detached' });
        const files = readdirSync(folder).filter((name) => /\.(stl|pdf|json)$/.test(name));
        must(files.length >= 3, `only ${files.join()}`);
        return files.join(', ');
      },
    ],
    [
      'it ends, with its work saved',
      async () => {
        const ended = new Promise<void>((done) => void application.once('close', () => done()));
        // The connection ends with the program.
        await application.evaluate(({ app }) => app.quit()).catch(() => undefined);
        await ended;
        const sessions = join(folder, 'profile', 'data', 'sessions');
        must(existsSync(sessions), 'no session was saved');
        const saved = readdirSync(sessions).length;
        must(saved > 0, 'no session was saved');
        return `${saved} session saved`;
      },
    ],
  ];
}
