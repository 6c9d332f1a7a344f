import type { viewerWords as source } from '../english/viewer.ts';

export const viewerWords: typeof source = {
  panes: {
    axial: 'Axial',
    coronal: 'Koronal',
    sagittal: 'Sagittal',
    three: '3D',
    oblique: (title: string) => `Schräg ${title.toLowerCase()}`,
    slice: (slice: number, of: number) => `Schicht ${slice} / ${of}`,
    windowLevel: (centre: number, width: number, inverted: boolean) =>
      `Zentrum ${centre}  Breite ${width}${inverted ? '  invertiert' : ''}`,
    slab: (mode: 'maximum' | 'minimum' | 'mean', thickness: string) =>
      `${{ maximum: 'MIP', minimum: 'MinIP', mean: 'Mittel' }[mode]} ${thickness} mm`,
    corrected: ' (korrigiert)',
    noWebGl: 'Kein 3D: Dieser Browser hat kein WebGL 2.',
    graphicsLost: 'Das Grafiksystem wurde zurückgesetzt; es wird darauf gewartet.',
    preparing: 'Volumen wird vorbereitet…',
    renderedPart: (mm: number) => `${mm} mm des Scans`,
    averaged: (phase: string) => `${phase}, gemittelt`,
  },
};
