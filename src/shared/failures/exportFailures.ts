import type { FailureDeclarations } from './declaration.ts';

/** Exports: surfaces, masks, the printable shell, the report’s pictures, saving. */
export const exportFailures = {
  // Choices that cannot be exported
  'export.choose-file': {},
  'export.choose-mesh-format': {},
  'export.choose-surface': {},
  'export.choose-no-wall': {},
  'export.choose-no-dicom': {},
  // What fails
  'export.no-surface-format': {},
  'export.nothing-chosen': {},
  'export.mask-off-grid': {},
  'export.labels-empty': {},
  'export.dicom-without-scan': {},
  'export.scan-not-open': {},
  'export.wall-without-ostium': {},
  'export.shell-without-ostium': {},
  'export.shell-empty': {},
  'export.shell-too-large': {},
  'export.picture-not-png': {},
  'export.picture-damaged': {},
  'export.cannot-save-here': {},
  'export.names-unusable': {},
  'export.disk-full': {},
  'export.folder-not-writable': {},
  'export.folder-gone': {},
  'export.not-saved': {
    /** The operating system's code, empty where there is none. */
    systemCode: 'text',
  },
} as const satisfies FailureDeclarations;
