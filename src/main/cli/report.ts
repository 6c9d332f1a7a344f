import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { logoProblem } from '#shared/contract/letterhead.ts';
import { DOCUMENT_FORMATS } from '#shared/contract/services/exporting.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import {
  collectedCases,
  DOCUMENT_NAMES,
  documentFile,
  type ReportInput,
  registryCase,
  registryCsv,
  registryJson,
  resultReport,
  reviewInWords,
  savedWorkReport,
} from '../exporting/index.ts';
import { pathOfSession, savedSummaries, sessionsFolder } from '../home/sessionSummaries.ts';
import { assertWritable, writeFilesTogether } from '../pipeline/outputFolder.ts';
import { deviceTables } from '../planning/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import {
  DEVICES_FOLDER,
  LANDING_ZONE,
  nonNegativeNumber,
  parseHospital,
  parseLandingZone,
  parseTilt,
} from './optionValues.ts';
import { isFile, savedArchive, usualDataFolder } from './savedWorkFile.ts';

type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

interface ReportOptions {
  readonly output: string;
  readonly documents: readonly DocumentFormat[];
  readonly dicom?: string;
  readonly phases?: string;
  readonly hospital?: string;
  readonly logo?: string;
  readonly caseId?: string;
  readonly devices?: string;
  readonly landingZone?: number;
  readonly table?: string;
  readonly size?: string;
  readonly depthMm?: number;
  readonly tilt?: [number, number];
  readonly data?: string;
  readonly savedWork: boolean;
  readonly json?: boolean;
}

/** The documents of a result, or of saved work, as the application exports them. */
export async function runReport(
  source: string,
  options: ReportOptions,
  context: CommandContext,
): Promise<CommandOutput> {
  const { output, table, size, depthMm = null, tilt = [0, 0] } = options;
  await assertWritable(output);
  if ((table === undefined) !== (size === undefined)) throw new UserError(failure('report.table-and-size'));
  const { tables } = await deviceTables(options.devices);
  const letterhead = {
    name: options.hospital ?? '',
    logoBase64: options.logo === undefined ? null : await logoOf(options.logo),
  };
  const dataFolder = options.data ?? usualDataFolder();
  const savedWork = options.savedWork ? await savedSummaries(dataFolder) : [];
  const planned = { letterhead, tables, landingZoneMm: options.landingZone ?? null, savedWork };
  const named =
    table !== undefined && size !== undefined ? { table, size, depthMm, tiltDegrees: tilt } : null;
  if (await isFile(source)) {
    assertNotOfResults(options);
    const input = savedWorkReport(await savedArchive(source), { ...planned, device: named });
    return writtenDocuments(input, options, []);
  }
  const phasesFolder = options.phases ?? null;
  const dicomFolder = options.dicom ?? null;
  const result = { ...planned, device: named, phasesFolder, dicomFolder };
  const { input, warnings } = await resultReport(source, result, context);
  return writtenDocuments(input, options, warnings);
}

/** @throws UserError for an option of which saved work has its own */
function assertNotOfResults({ dicom, phases }: ReportOptions): void {
  const [option] = [dicom === undefined ? [] : ['--dicom'], phases === undefined ? [] : ['--phases']].flat();
  if (option !== undefined) throw new UserError(failure('report.option-of-results', { option }));
}

async function writtenDocuments(
  input: ReportInput,
  { documents, output, caseId }: ReportOptions,
  warnings: readonly Failure[],
): Promise<CommandOutput> {
  const files = new Map<string, Uint8Array>();
  for (const format of new Set(documents)) {
    files.set(DOCUMENT_NAMES[format], await documentFile(format, input, caseId));
  }
  await writeFilesTogether(output, files);
  const one = registryCase(input, caseId);
  const text = [...files.keys(), reviewInWords(input.review, input.reviewedBy)].join('\n');
  return { json: { files: [...files.keys()], case: one }, text, warnings };
}

async function logoOf(file: string): Promise<string> {
  const fileName = basename(file);
  const bytes = await readFile(file).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName }));
  });
  const problem = logoProblem(bytes, fileName);
  if (problem) throw new UserError(problem);
  return bytes.toString('base64');
}

interface SavedOptions {
  readonly data?: string;
  readonly json?: boolean;
}

/** The saved work of the application, newest first, with the file of each. */
export async function runSaved({ data = usualDataFolder() }: SavedOptions): Promise<CommandOutput> {
  const saved = (await savedSummaries(data)).map(({ id, title, savedAt, overview }) => ({
    file: pathOfSession(sessionsFolder(data), id),
    savedAt,
    patient: [overview?.patientName, overview?.patientId].filter(Boolean).join(' '),
    series: [overview?.studyDate, overview?.seriesDescription].filter(Boolean).join(' ') || title,
    state: overview?.state ?? null,
  }));
  const lines = saved.map(({ file, savedAt, patient, series, state }) =>
    [savedAt.slice(0, 16), patient, series, state ?? '', file].filter(Boolean).join('  '),
  );
  return { json: { saved }, text: lines.join('\n') || 'No saved work.' };
}

interface CollectOptions {
  readonly output: string;
  readonly json?: boolean;
}

/** Cases of many results in one file: a row each, or in JSON an array. */
export async function runCollect(
  paths: readonly string[],
  { output }: CollectOptions,
): Promise<CommandOutput> {
  await assertWritable(dirname(output));
  const cases = await collectedCases(paths, output);
  const isJson = output.toLowerCase().endsWith('.json');
  const content = isJson ? registryJson(cases) : registryCsv(cases);
  await writeFilesTogether(dirname(output), new Map([[basename(output), content]]));
  return { json: { cases: cases.length }, text: cases.length === 1 ? '1 case' : `${cases.length} cases` };
}

const USUAL_DOCUMENTS: readonly DocumentFormat[] = ['pdf', 'summary-pdf', 'registry-json'];
const DICOM =
  'the scan that it was made of: names the patient in HTML and PDF, and shows the scan in the figures';

/** Adds `auricle report` and `auricle report collect`. */
export function registerReportCommand(program: Command): void {
  const report = program
    .command('report')
    .description('report, one-page summary and registry files of a result');
  report
    .command('make', { isDefault: true })
    .description('the documents of one result')
    .argument(
      '<result>',
      'the folder that auricle segment wrote, or the file of saved work (auricle report saved)',
    )
    .requiredOption('-o, --output <dir>', 'where the documents go')
    .addOption(
      new Option('--documents <format...>', 'which')
        .choices([...DOCUMENT_FORMATS])
        .default([...USUAL_DOCUMENTS]),
    )
    .option('--dicom <dir>', DICOM)
    .option('--phases <dir>', 'what auricle phases wrote: the curves over the heart cycle')
    .option('--hospital <name>', 'in whose name the documents are made', parseHospital)
    .option('--logo <file>', 'a PNG or JPEG beside the name, at most 1 MB')
    .option('--case-id <id>', 'of the case in the registry; by default the series UID')
    .option('--devices <dir>', DEVICES_FOLDER)
    .option('--landing-zone <mm>', LANDING_ZONE, parseLandingZone)
    .option('--table <name>', 'a device to be placed, as its table names it; with --size')
    .option('--size <label>', 'its size, as the table labels it')
    .option('--depth-mm <mm>', 'where its widest circumference lies, mm beyond the ostium', nonNegativeNumber)
    .option('--tilt <a,b>', 'how its axis leans from the centre line, two angles in degrees', parseTilt)
    .option(
      '--data <dir>',
      "the application's data folder, whose saved work may hold a verdict on the result",
    )
    .option('--no-saved-work', 'no verdict of saved work: the documents say that nothing was reviewed')
    .option('--json', 'print files and case as JSON')
    .action((source: string, options: ReportOptions) =>
      runCommand(options, (context) => runReport(source, options, context)),
    );
  report
    .command('saved')
    .description('the saved work of the application, with the file of each')
    .option('--data <dir>', "the application's data folder")
    .option('--json', 'print it as JSON')
    .action((options: SavedOptions) => runCommand(options, () => runSaved(options)));
  report
    .command('collect')
    .description('registry.json files of many results in one table')
    .argument('<path...>', 'files, or folders that are searched for registry.json')
    .requiredOption('-o, --output <file>', 'what to write: .csv with a row for each case, or .json')
    .option('--json', 'print the number of cases as JSON')
    .action((paths: string[], options: CollectOptions) =>
      runCommand(options, () => runCollect(paths, options)),
    );
}
