import type { exportFailures } from '../../failures/exportFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const exportWords: WordsFor<keyof typeof exportFailures> = {
  'export.choose-file': () => 'Choose at least one file to export.',
  'export.choose-mesh-format': () => 'Choose a format for the meshes.',
  'export.choose-surface': () => 'Choose which surface to write.',
  'export.choose-no-wall': () => 'There is no open wall: no ostium was found.',
  'export.choose-no-dicom': () =>
    'DICOM files cannot be made: this work was saved before the scan’s files were noted. Segment the scan again.',
  'export.no-surface-format': () => 'Choose a file format for the surfaces, or no surface.',
  'export.nothing-chosen': () => 'Nothing was chosen for the export.',
  'export.mask-off-grid': () =>
    'The mask cannot be written: the part that was segmented does not lie on the scan’s voxels.',
  'export.labels-empty': () => 'The label map cannot be written: it is empty.',
  'export.dicom-without-scan': () => 'DICOM files cannot be made: it is not known which files the scan has.',
  'export.scan-not-open': () =>
    'The scan’s slices cannot be exported: open the series itself, or export without the scan.',
  'export.wall-without-ostium': () => 'The open wall cannot be written: this result has no ostium.',
  'export.shell-without-ostium': () =>
    'The printable shell cannot be made: this result has no ostium to be open at.',
  'export.shell-empty': () => 'The ostium’s plane leaves nothing for a printable shell.',
  'export.shell-too-large': () => 'The surface is too large for a printable shell.',
  'export.picture-not-png': () => 'A picture for the report is not a PNG.',
  'export.picture-damaged': () => 'A picture for the report is damaged.',
  'export.cannot-save-here': () => 'Files cannot be saved from here; download them.',
  'export.names-unusable': () => 'The files cannot be saved under their names.',
  'export.disk-full': () => 'The disk is full: nothing was saved.',
  'export.folder-not-writable': () => 'The folder may not be written to; choose another one.',
  'export.folder-gone': () => 'The folder is no longer there; choose another one.',
  'export.not-saved': ({ systemCode }) =>
    `The files could not be saved${systemCode === '' ? '' : ` (${systemCode})`}.`,
};
