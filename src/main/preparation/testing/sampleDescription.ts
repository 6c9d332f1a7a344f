import { type CaseDescription, COORDINATES } from '../preparedCase.ts';

/** A description of a case as `auricle prepare` writes it. */
export const sampleDescription = (changes: Partial<CaseDescription> = {}): CaseDescription => ({
  format: 'auricle-prepared-case',
  formatVersion: 1,
  program: { name: 'Auricle', version: '0.1.0' },
  name: 'case-1',
  patientKey: 'a',
  checksum: '0',
  seed: 1,
  cube: { edgeMm: 70, centreLpsMm: [1, 2, 3], centreFrom: 'segmentation' },
  coordinates: COORDINATES,
  image: { source: 'file', resolutions: [64], type: 'int16', outsideHu: -2048 },
  surface: {
    source: 'surface',
    openedBy: 'surface',
    wallAreaMm2: 1000,
    closedVolumeMl: 5,
    vertices: 100,
    faces: 196,
  },
  samples: { type: 'float32', points: { in1: 2 }, dualField: 2 },
  warnings: [],
  ...changes,
});
