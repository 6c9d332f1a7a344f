import type { Command } from 'commander';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { words } from '#shared/words/words.ts';
import { type DicomArchive, fetchStudy, requireUid, type StudyOfPatient } from '../dicomNetwork/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { addDicomServerOptions, archiveOf, type DicomServerOptions } from './dicomServerOptions.ts';
import { addStudyFilterOptions, filtersOf, type StudyFilterOptions, studyOf } from './find.ts';

interface FetchOptions extends DicomServerOptions, StudyFilterOptions {
  readonly output: string;
  readonly study?: string;
  readonly series?: readonly string[];
  readonly json?: boolean;
}

/** The one study that the options mean. @throws UserError where it is none or several */
async function studyToFetch(
  archive: DicomArchive,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<StudyOfPatient> {
  if (options.study !== undefined) return studyOf(options.study, options);
  const { studies, withoutUid } = await archive.studies(filtersOf(options), { limit: 2, offset: 0, signal });
  const [only] = studies;
  if (only === undefined && withoutUid > 0)
    throw new UserError(failure('network.studies-without-uid', { studies: withoutUid }));
  if (only === undefined || studies.length + withoutUid > 1)
    throw new UserError(failure(only === undefined ? 'cli.no-study-matches' : 'cli.several-studies-match'));
  const { studyUid, patientId, issuerOfPatientId, patientName } = only;
  return { studyUid, patient: { patientId, issuerOfPatientId, patientName } };
}

async function fetchCommand(
  options: FetchOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput> {
  const archive = await archiveOf(options);
  try {
    const study = await studyToFetch(archive, options, signal);
    const seriesUids = options.series?.map(requireUid);
    // A modality that only chose the study chooses the series too.
    const { modality } = options;
    const fetched = await fetchStudy(
      archive,
      { ...study, ...withoutUndefined({ seriesUids, modality }) },
      options.output,
      { signal, onProgress },
    );
    const lines = [
      ...fetched.series.flatMap(({ seriesUid, files, received, warnings, isCountKnown }) => [
        `${seriesUid}  ${files.length === 1 ? 'one image' : `${files.length} images`}${received < files.length ? `, ${received} of them now` : ''}`,
        ...(isCountKnown ? [] : ['  The server does not say how many there are.']),
        ...warnings.map((warning) => `  ${words('en').sentence(warning)}`),
      ]),
      ...fetched.failed.map(
        ({ seriesUid, failure: why }) => `${seriesUid}  NOT WHOLE: ${words('en').sentence(why)}`,
      ),
    ];
    const json = {
      server: archive.server,
      studyUid: study.studyUid,
      series: fetched.series.map(({ seriesUid, files, received, isCountKnown, warnings }) => ({
        seriesUid,
        images: files.length,
        received,
        isCountKnown,
        warnings: warnings.map((warning) => words('en').sentence(warning)),
      })),
      failed: fetched.failed.map(({ seriesUid, failure: why }) => ({
        seriesUid,
        reason: words('en').sentence(why),
      })),
    };
    return { json, text: lines.join('\n'), isFailed: fetched.failed.length > 0, warnings: fetched.warnings };
  } finally {
    await archive.close();
  }
}

/** Adds `auricle fetch`. */
export function registerFetchCommand(program: Command): void {
  const command = program
    .command('fetch')
    .description('fetch a study from a DICOM server; a fetch that was interrupted goes on where it ended');
  addStudyFilterOptions(addDicomServerOptions(command))
    .option('--study <uid>', 'the study; else the one that the filters match')
    .option('--series <uid...>', 'only these series')
    .requiredOption('-o, --output <dir>', 'where a folder for each series goes')
    .option('--json', 'print what arrived as JSON')
    .action((options: FetchOptions) => runCommand(options, (context) => fetchCommand(options, context)));
}
