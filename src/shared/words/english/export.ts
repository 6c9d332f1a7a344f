import type { exportFailures } from '../../failures/exportFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const exportWords: WordsFor<keyof typeof exportFailures> = {
  'export.choose-file': () => 'Choose at least one file to export.',
  'export.choose-mesh-format': () => 'Choose a format for the meshes.',
  'export.choose-surface': () => 'Choose a surface to export.',
  'export.choose-no-wall': () => 'There is no open wall: no ostium found.',
  'export.choose-no-dicom': () =>
    'DICOM files cannot be created: this work was saved by an earlier version, without the references to the scan. Re-segment the scan.',
  'export.no-surface-format': () => 'Choose a file format for the surfaces, or no surface.',
  'export.nothing-chosen': () => 'Nothing was chosen for the export.',
  'export.mask-off-grid': () =>
    'The mask cannot be written: the segmented part does not lie on the scan’s grid.',
  'export.labels-empty': () => 'The label map cannot be written: it is empty.',
  'export.dicom-without-scan': () =>
    'DICOM files cannot be created: the references to the scan’s files are not known.',
  'export.scan-not-open': () =>
    'The scan’s slices cannot be exported: open the series itself, or export without the scan.',
  'export.wall-without-ostium': () => 'The open wall cannot be written: this result has no ostium.',
  'export.shell-without-ostium': () =>
    'The printable shell cannot be created: this result has no ostium to open it at.',
  'export.shell-empty': () => 'The ostial plane leaves nothing for a printable shell.',
  'export.shell-too-large': () => 'The surface is too large for a printable shell.',
  'export.picture-not-png': () => 'A picture for the report is not a PNG.',
  'export.picture-damaged': () => 'A picture for the report is damaged.',
  'export.cannot-save-here': () => 'Files cannot be saved from here; download them.',
  'export.names-unusable': () => 'The files cannot be saved under their names.',
  'export.disk-full': () => 'The disk is full: nothing was saved.',
  'export.folder-not-writable': () => 'No permission to write to this folder: choose another one.',
  'export.folder-gone': () => 'The folder no longer exists: choose another one.',
  'export.not-saved': ({ systemCode }) =>
    `The files could not be saved${systemCode === '' ? '' : ` (${systemCode})`}.`,
};
