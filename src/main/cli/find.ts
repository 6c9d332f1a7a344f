import type { Command } from 'commander';
import { failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import {
  isPlainKey,
  listSeries,
  type RemoteSeries,
  type RemoteStudy,
  requireUid,
  type StudyFilters,
  type StudyOfPatient,
} from '../dicomNetwork/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { addDicomServerOptions, archiveOf, type DicomServerOptions } from './dicomServerOptions.ts';
import { nonNegativeInteger, positiveInteger } from './optionValues.ts';

export interface StudyFilterOptions {
  readonly patientName?: string;
  readonly patientId?: string;
  readonly date?: string;
  readonly modality?: string;
  readonly accession?: string;
}

/** Adds the options that say which studies are meant. */
export const addStudyFilterOptions = (command: Command): Command =>
  command
    .option('--patient-name <name>', 'the beginning of the name, or a pattern with * and ?')
    .option('--patient-id <id>', "the patient's number")
    .option('--date <date>', 'YYYYMMDD, or a range: YYYYMMDD-YYYYMMDD')
    .option('--modality <code>', 'for example CT')
    .option('--accession <number>', 'accession number');

export const filtersOf = ({
  patientName,
  patientId,
  date,
  modality,
  accession,
}: StudyFilterOptions): StudyFilters =>
  withoutUndefined({ patientName, patientId, date, modality, accessionNumber: accession });

interface FindOptions extends DicomServerOptions, StudyFilterOptions {
  readonly study?: string;
  readonly limit: number;
  readonly offset: number;
  readonly json?: boolean;
}

/** @throws UserError where it is no UID */
export function studyOf(uid: string, { patientId = '' }: StudyFilterOptions): StudyOfPatient {
  const studyUid = requireUid(uid);
  // A pattern names no patient.
  return isPlainKey(patientId)
    ? { studyUid, patient: { patientId, issuerOfPatientId: '', patientName: '' } }
    : { studyUid };
}

const orDash = (value: string | number | null): string =>
  value === null || value === '' ? '–' : String(value);

export const studyLine = (study: RemoteStudy): string =>
  [
    study.studyUid,
    orDash(study.date),
    orDash(study.patientName),
    orDash(study.patientId),
    orDash(study.modalities.join('/')),
    orDash(study.description),
    `${orDash(study.seriesCount)} series`,
  ].join('  ');

const seriesLine = (series: RemoteSeries): string =>
  [
    series.seriesUid,
    orDash(series.modality),
    `no. ${orDash(series.number)}`,
    orDash(series.description),
    `${orDash(series.imageCount)} images`,
  ].join('  ');

async function find(options: FindOptions, { signal }: CommandContext): Promise<CommandOutput> {
  const archive = await archiveOf(options);
  try {
    if (options.study !== undefined) {
      const { series, warnings } = await listSeries(archive, studyOf(options.study, options), signal);
      const none = warnings.length > 0 ? 'No series can be listed.' : 'There are no series.';
      const text = series.map(seriesLine).join('\n') || none;
      return { json: { server: archive.server, series }, text, warnings };
    }
    const { limit, offset } = options;
    const { studies, hasMore, withoutUid } = await archive.studies(filtersOf(options), {
      limit,
      offset,
      signal,
    });
    const lines = studies.map(studyLine);
    if (hasMore) lines.push(`There may be more: --offset ${offset + limit}`);
    return {
      json: { server: archive.server, studies, withoutUid, hasMore },
      text: lines.join('\n') || (withoutUid > 0 ? 'No study can be listed.' : 'No study matches.'),
      warnings: withoutUid > 0 ? [failure('network.studies-without-uid', { studies: withoutUid })] : [],
    };
  } finally {
    await archive.close();
  }
}

/** Adds `auricle find`. */
export function registerFindCommand(program: Command): void {
  const command = program
    .command('find')
    .description('list the studies of a DICOM server, or the series of one study');
  addStudyFilterOptions(addDicomServerOptions(command))
    .option('--study <uid>', 'list the series of this study')
    .option('--limit <n>', 'studies to list at most', positiveInteger, 50)
    .option('--offset <n>', 'studies to leave out at the beginning', nonNegativeInteger, 0)
    .option('--json', 'print the list as JSON')
    .action((options: FindOptions) => runCommand(options, (context) => find(options, context)));
}
