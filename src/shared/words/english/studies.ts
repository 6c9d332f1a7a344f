import type { studiesFailures } from '../../failures/studiesFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const files = (count: number): string => (count === 1 ? 'one file' : `${count} files`);

export const studiesWords: WordsFor<keyof typeof studiesFailures> = {
  'studies.folder-missing': ({ folder }) => `The folder ${folder} does not exist.`,
  'studies.not-a-folder': ({ name }) => ({
    sentence: `${name} is not a folder.`,
    clause: `${name} is not a folder`,
  }),
  'studies.disc-index-named': ({ fileName }) =>
    `${fileName} is a disc’s index: name the folder that it lies in.`,
  'studies.disc-index-damaged': ({ fileName }) =>
    `${fileName} cannot be read to its end, so that files may be missing; name the folder that it lies in.`,
  'studies.listed-file-missing': () => 'The DICOMDIR lists it, but it is not there.',
  'studies.folder-unreadable': ({ folder }) => `The folder ${folder} cannot be read.`,
  'studies.folder-empty': ({ folder }) => `The folder ${folder} is empty.`,
  'studies.folder-without-dicom': ({ folder, otherFiles }) =>
    `The folder ${folder} holds no DICOM (${files(otherFiles)} of other kinds).`,
  'studies.folder-without-ct': () => 'The folder holds no CT series.',
  'studies.no-usable-series': ({ description, others, reason, resampled }, { clause }) => {
    const refused = `The series "${description}"${others > 0 ? ` (and ${others} more)` : ''} cannot be used: ${clause(reason)}.`;
    return resampled === ''
      ? refused
      : `${refused} With --resample-uneven ${resampled === description ? 'it' : `"${resampled}"`} can be, with planes interpolated between its slices.`;
  },
  'studies.no-readable-series': ({ fileName, others, reason }, { clause }) =>
    `The folder holds no CT series that can be read; ${fileName}${others > 0 ? ` and ${others} more` : ''}: ${clause(reason)}.`,
  'studies.folder-unlisted': ({ folder }) => `The folder ${folder} could not be read: slices may be missing.`,
  'studies.link-broken': () => 'The file is a link whose target is missing.',
  'studies.file-unreachable': () => 'The file could not be opened.',
  'studies.folder-for-file': () => 'It is an empty folder, named like the files beside it.',
  'studies.file-special': () => 'The file is a pipe, a socket or a device, which is never opened.',
  'studies.packed-slice': () =>
    'The file is packed, with gzip or the like, and named like the slices beside it.',
  'studies.no-slice-among-slices': () => 'The file is named like the slices beside it but is no DICOM.',

  'studies.nothing-opened': () => 'There are no files in what was opened.',
  'studies.no-ct': ({ otherFiles }) =>
    `There is no CT in what was opened (${files(otherFiles)} of other kinds).`,
  'studies.no-readable-ct': ({ problem }, { sentence }) =>
    `There is no CT that can be read. ${sentence(problem)}`,
  'studies.disc-index-only': () =>
    'There is no CT in what was opened, only a disc’s index (DICOMDIR): open the whole disc or folder.',
  'studies.problem-in-files': ({ files: count, fileName, reason }, { clause }) =>
    count === 1
      ? `In the file ${fileName}: ${clause(reason)}.`
      : `In ${count} files, ${fileName} among them: ${clause(reason)}.`,
  'studies.none-can-be-segmented': () =>
    'None of these series can be segmented; the list gives the reason for each.',
  'studies.series-closed': () => 'The series is no longer open.',
  'studies.series-too-large': () => 'The series is too large for the memory of this computer.',

  'studies.several-patients': ({ patients }) =>
    `These files are of ${patients} different patients: check that the right series is selected.`,

  'studies.zip-damaged': () => 'The ZIP file is damaged or incomplete: copy or download it again.',
  'studies.zip-encrypted': () => 'The ZIP file is protected by a password: unpack it first.',
  'studies.zip-compression': () =>
    'The ZIP file is compressed in a way that cannot be read here: unpack it first.',
  'studies.zip-implausible': () =>
    'The ZIP file would unpack to an implausible amount of data; it was not opened.',
  'studies.zip-empty': () => 'The ZIP file is empty.',
  'studies.zip-in-zip': () => 'A ZIP file within a ZIP file was not opened: unpack it first.',
  'studies.zip-entry-damaged': () => 'The file is damaged within its ZIP file.',
};
