import type { studiesWords as source } from '../english/studies.ts';
import { forms } from '../plural.ts';

export const studiesWords: typeof source = {
  studies: {
    openFolder: 'Ordner öffnen…',
    openFiles: 'Dateien öffnen…',
    folderInput: 'Ordner mit DICOM-Dateien',
    filesInput: 'DICOM-Dateien oder ZIP',
    spacingUnknown: 'Abstand unbekannt',
    noDescription: 'Ohne Beschreibung',
    slices: (count: number) => `${count} ${forms('de', count, { one: 'Schicht', other: 'Schichten' })}`,
    resampleHint:
      'Interpoliert auf gleichmäßigen Schichtabstand. Warnungen und Berichte nennen es; Masken bleiben auf den aufgenommenen Schichten.',
    resample: 'Umrechnen',
    warnings: 'Warnungen zum Scan',
    about: 'Zu diesem Scan',
    skipped: (count: number) =>
      `${count} ${forms('de', count, { one: 'Datei wurde', other: 'Dateien wurden' })} übersprungen: keine DICOM-Bilder.`,
  },
};
