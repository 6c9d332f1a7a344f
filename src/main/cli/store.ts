import { basename } from 'node:path';
import type { Command } from 'commander';
import { words } from '#shared/words/words.ts';
import { collectFiles, type StoredFile } from '../dicomNetwork/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { addDicomServerOptions, archiveOf, type DicomServerOptions } from './dicomServerOptions.ts';

interface StoreOptions extends DicomServerOptions {
  readonly json?: boolean;
}

const reasonOf = ({ failure }: StoredFile): string | null =>
  failure === undefined ? null : words('en').sentence(failure);

async function store(
  paths: readonly string[],
  options: StoreOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput> {
  const files = await collectFiles(paths, signal);
  const archive = await archiveOf(options);
  try {
    const results = await archive.store(files, { signal, onProgress });
    const failed = results.filter((result) => result.failure !== undefined);
    const lines = [
      ...failed.map((result) => `${basename(result.file.path)}  NOT STORED: ${reasonOf(result)}`),
      `${results.length - failed.length} of ${results.length} objects are stored on ${archive.server}.`,
    ];
    const json = {
      server: archive.server,
      objects: results.map((result) => ({
        file: basename(result.file.path),
        sopInstanceUid: result.file.identity.sopInstanceUid,
        stored: result.failure === undefined,
        reason: reasonOf(result),
      })),
    };
    return { json, text: lines.join('\n'), isFailed: failed.length > 0 };
  } finally {
    await archive.close();
  }
}

/** Adds `auricle store`. */
export function registerStoreCommand(program: Command): void {
  const command = program
    .command('store')
    .description('send DICOM files to a server; sending again what is there already does no harm')
    .argument('<paths...>', 'files, or folders with DICOM');
  addDicomServerOptions(command)
    .option('--json', 'print what became of each object as JSON')
    .action((paths: string[], options: StoreOptions) =>
      runCommand(options, (context) => store(paths, options, context)),
    );
}
