import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { DeidentifyOptions } from '#shared/deidentify/confidentialityProfile.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import type { Anonymised } from '../dicomObjects/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';

interface AnonymiseOptions {
  readonly output: string;
  readonly key?: string;
  readonly dates: DeidentifyOptions['dates'];
  readonly keepUids?: boolean;
  readonly keepPatientCharacteristics?: boolean;
  readonly keepDevice?: boolean;
  readonly keepInstitution?: boolean;
  readonly cleanDescriptors?: boolean;
  readonly withRisky?: boolean;
  readonly json?: boolean;
}

const LEAST_KEY_BYTES = 16;

/** The key of a file, which is made where it is not there; without a file one that is forgotten. */
async function keyOf(file: string | undefined): Promise<Uint8Array> {
  const made = randomBytes(32);
  if (file === undefined) return made;
  const kept = await readFile(file).catch(() => undefined);
  if (kept === undefined) {
    const text = `${made.toString('hex')}\n`;
    await writeFile(file, text, { mode: 0o600, flag: 'wx' }).catch(() => {
      throw new UserError(failure('objects.key-unusable', { fileName: basename(file) }));
    });
    return Buffer.from(text);
  }
  if (kept.length < LEAST_KEY_BYTES) {
    throw new UserError(failure('objects.key-unusable', { fileName: basename(file) }));
  }
  return kept;
}

async function runAnonymise(
  folders: readonly string[],
  options: AnonymiseOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput> {
  const { anonymiseFolders } = await import('../dicomObjects/index.ts');
  const done = await anonymiseFolders(folders, options.output, {
    key: await keyOf(options.key),
    withRisky: options.withRisky === true,
    options: {
      dates: options.dates,
      keepUids: options.keepUids === true,
      keepPatientCharacteristics: options.keepPatientCharacteristics === true,
      keepDevice: options.keepDevice === true,
      keepInstitution: options.keepInstitution === true,
      cleanDescriptors: options.cleanDescriptors === true,
    },
    signal,
    onProgress,
  });
  return { json: inWords(done), text: describe(done) };
}

const inWords = (done: Anonymised) => {
  const { sentence } = words();
  const list = (counts: Anonymised['leftOut']) =>
    counts.map(({ reason, count }) => ({ count, reason: sentence(reason) }));
  return { ...done, leftOut: list(done.leftOut), toBeLookedAt: list(done.toBeLookedAt) };
};

function describe({ copied, resultFiles, patients, cleaned, leftOut, toBeLookedAt }: Anonymised): string {
  const { sentence } = words();
  return [
    `${copied} files of ${patients} patient(s) copied, ${resultFiles} of them files of results.`,
    ...(cleaned > 0 ? [`${cleaned} further elements named the patient and were removed.`] : []),
    ...leftOut.map(({ reason, count }) => sentence(failure('objects.left-out', { count, reason }))),
    ...toBeLookedAt.map(({ reason, count }) => `Look at ${count} of them: ${sentence(reason)}`),
    'Text within pictures is not searched for. Look at the copies before you give them away.',
  ].join('\n');
}

/** Adds `auricle dicom anonymise`. */
export function registerAnonymiseCommand(dicom: Command): void {
  dicom
    .command('anonymise')
    .description("copies of studies and results without what identifies the patient (PS3.15's basic profile)")
    .argument('<folders...>', 'folders with DICOM files and results; a DICOMDIR: what it lists')
    .requiredOption('-o, --output <dir>', 'a new or empty folder')
    .option(
      '--key <file>',
      'the secret of all replacements, made where it is not there; keep it to repeat them',
    )
    .addOption(
      new Option('--dates <how>', 'dates and times; moved: by the same days for all files of a patient')
        .choices(['removed', 'moved', 'kept'])
        .default('removed'),
    )
    .option('--keep-uids', 'UIDs as they are')
    .option('--keep-patient-characteristics', 'sex, age, size, weight and the like')
    .option('--keep-device', 'names and serial numbers of scanners')
    .option('--keep-institution', 'name and address of the institution')
    .option('--clean-descriptors', 'descriptions of study, series and protocol, words of imaging only')
    .option('--with-risky', 'also what may show text in its picture, documents and reports of other makers')
    .option('--json', 'print what was done as JSON')
    .action((folders: string[], options: AnonymiseOptions) =>
      runCommand(options, (context) => runAnonymise(folders, options, context)),
    );
}
