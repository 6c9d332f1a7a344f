import { forms } from '../plural.ts';
/** Words of the page: see `../README.md`. */
export const studiesWords = {
  studies: {
    openFolder: 'Open folder…',
    openFiles: 'Open files…',
    folderInput: 'Folder with DICOM files',
    filesInput: 'DICOM files or a ZIP',
    spacingUnknown: 'spacing unknown',
    noDescription: 'No description',
    slices: (count: number) => `${count} ${forms('en', count, { one: 'slice', other: 'slices' })}`,
    resampleHint:
      'Interpolates to even spacing. Warnings and reports say so; masks stay on the acquired slices.',
    resample: 'Resample',
    warnings: 'Warnings about the scan',
    about: 'About this scan',
    skipped: (count: number) =>
      `${count} ${forms('en', count, { one: 'file was', other: 'files were' })} skipped: not DICOM images.`,
  },
};
