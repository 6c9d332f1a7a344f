import type { Command } from 'commander';
import { failureOf, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { parseAeTitle, parseListenAddress } from '../dicomNetwork/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import {
  addNodeOptions,
  addTlsOptions,
  archiveOf,
  type DicomServerOptions,
  type TlsOptions,
  tlsOf,
} from './dicomServerOptions.ts';

interface EchoOptions extends DicomServerOptions {
  readonly json?: boolean;
}

async function echo(options: EchoOptions, { signal }: CommandContext): Promise<CommandOutput> {
  const archive = await archiveOf(options);
  await archive.check(signal);
  return { json: { server: archive.server, answers: true }, text: `${archive.server} answers.` };
}

interface ReceiveOptions extends TlsOptions {
  readonly listen: string;
  readonly calling: string;
  readonly allow: readonly string[];
  readonly output: string;
  readonly json?: boolean;
}

/** Listens until it is cancelled. */
async function receive(options: ReceiveOptions, { signal }: CommandContext): Promise<CommandOutput> {
  const { receiveStudies } = await import('../dicomNetwork/classicNode.ts');
  const { host, port } = parseListenAddress(options.listen);
  const aeTitle = parseAeTitle(options.calling);
  const tls = await tlsOf(options);
  if (tls !== undefined && tls.identity === undefined)
    throw new UserError(failure('cli.certificate-without-key'));
  const allowed = options.allow.map(parseAeTitle);
  const received = new Set<string>();
  const receiver = await receiveStudies({
    host,
    port,
    aeTitle,
    isAllowed: (title) => allowed.includes(title),
    tls: tls?.identity && { ...tls, identity: tls.identity },
    folder: options.output,
    onReceived(seriesUids) {
      for (const uid of seriesUids) {
        received.add(uid);
        process.stderr.write(`Received the series ${uid}.\n`);
      }
    },
    onProblem(thrown) {
      process.stderr.write(`auricle: ${words().sentence(failureOf(thrown))}\n`);
    },
  });
  process.stderr.write(
    `${aeTitle} listens at ${host}:${receiver.port}${tls ? ' (TLS)' : ''}. End it with Ctrl+C.\n`,
  );
  await new Promise<void>((end) => {
    if (signal.aborted) end();
    signal.addEventListener('abort', () => end(), { once: true });
  });
  await receiver.close();
  const series = [...received];
  return { json: { series }, text: `${series.length} series received.` };
}

/** Adds `auricle node`. */
export function registerNodeCommand(program: Command): void {
  const node = program.command('node').description('classic DICOM nodes: ask whether one answers, or be one');
  addNodeOptions(node.command('echo').description('ask a node whether it answers (C-ECHO)'))
    .option('--json', 'print the answer as JSON')
    .action((options: EchoOptions) => runCommand(options, (context) => echo(options, context)));
  addTlsOptions(
    node.command('receive').description('receive the studies that other nodes send (C-STORE), until Ctrl+C'),
  )
    .requiredOption('--listen <[host:]port>', 'where to listen; without a host, on the loopback interface')
    .option('--calling <title>', 'the AE title of this program', 'AURICLE')
    .requiredOption('--allow <title...>', 'the AE titles that may send')
    .requiredOption('-o, --output <dir>', 'where a folder for each series goes')
    .option('--json', 'print the series that were received as JSON, at the end')
    .action((options: ReceiveOptions) => runCommand(options, (context) => receive(options, context)));
}
