import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import process from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
import { APPLICATION_ENGINE_CHOICES, type ApplicationEngineChoice } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { onUnknownTransition } from '#shared/lifecycle/lifecycle.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { words } from '#shared/words/words.ts';
import { version } from '../../package.json';
import { createAuricleServer } from './application/auricleServer.ts';
import { forgetPort, keepPort, lastPort } from './application/lastPort.ts';
import { defaultDataFolder } from './home/dataFolder.ts';
import { findPageFolder } from './page/pageFiles.ts';
import { createNodePlatform } from './platform/node/nodePlatform.ts';
import { openBrowser } from './platform/node/openBrowser.ts';
import { type LocalServer, startLocalServer } from './transport/websocket.ts';

interface ServeOptions {
  /** Undefined: the last one where a page was left open and it is free, else any. */
  readonly port?: number;
  readonly open: boolean;
  readonly json?: boolean;
  readonly data?: string;
  readonly engine?: ApplicationEngineChoice;
  readonly threads?: number;
}

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is needed.`);
  };

async function serve(paths: readonly string[], options: ServeOptions): Promise<void> {
  onUnknownTransition((message) => void process.stderr.write(`${message}\n`));
  // From where `npm run serve` was called: it is run in another folder.
  const opened = paths.map((path) => resolve(process.env.INIT_CWD ?? process.cwd(), path));
  const absent = opened.find((path) => !existsSync(path));
  if (absent !== undefined)
    throw new UserError(failure('cli.nothing-there', { name: basename(absent) || absent }));
  const pages = findPageFolder();
  // Before the link is printed: who reads it may end the program at once.
  const isEnded = new Promise<void>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
  const { engine, threads } = options;
  const dataFolder =
    options.data ?? defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env });
  const auricle = createAuricleServer(
    {
      dataFolder,
      platform: createNodePlatform(version),
      ...withoutUndefined({ engine, threads }),
    },
    (text) => process.stderr.write(`${text}\n`),
  );
  auricle.offer(opened);
  try {
    const listen = (port: number): Promise<LocalServer> =>
      startLocalServer({ pageFolder: pages, port, serve: auricle.serve });
    const server = await (options.port === undefined
      ? listen(await lastPort(dataFolder)).catch(() => listen(0))
      : listen(options.port));
    await keepPort(dataFolder, server.port);
    const url = server.createLink();
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ url })}\n`
        : `Auricle runs at ${url}\nResearch use only: not for clinical decisions. End it with Ctrl+C.\n`,
    );
    if (options.open) openBrowser(url);
    await isEnded;
    if (!server.hasPages()) await forgetPort(dataFolder);
    await server.close();
  } finally {
    await auricle.close();
  }
}

const program = new Command('auricle-server')
  .description('Serves Auricle to a browser on this machine. Research use only: not for clinical decisions.')
  .argument('[paths...]', 'files and folders to open in the page')
  .option(
    '--port <number>',
    'port on the loopback interface; 0: any that is free; default: that of pages which are still open, else any',
    wholeNumber(0, 65535),
  )
  .option('--no-open', 'do not open the browser')
  .option('--json', 'print {"url": …} for programs')
  .option('--data <folder>', 'folder for settings, sessions and the audit trail')
  .addOption(new Option('--engine <engine>', 'what computes').choices(APPLICATION_ENGINE_CHOICES))
  .option('--threads <number>', 'threads of the CPU engine', wholeNumber(1, 256))
  .action(async (paths: string[], options: ServeOptions) => {
    try {
      await serve(paths, options);
      process.exit(0);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      process.stderr.write(`auricle: ${words('en').sentence(thrown.failure)}\n`);
      process.exit(1);
    }
  });

await program.parseAsync();
