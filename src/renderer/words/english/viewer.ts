/** Words of the page: see `../README.md`. */
export const viewerWords = {
  panes: {
    axial: 'Axial',
    coronal: 'Coronal',
    sagittal: 'Sagittal',
    three: '3D',
    oblique: (title: string) => `Oblique ${title.toLowerCase()}`,
    slice: (slice: number, of: number) => `slice ${slice} / ${of}`,
    windowLevel: (centre: number, width: number, inverted: boolean) =>
      `C ${centre}  W ${width}${inverted ? '  inverted' : ''}`,
    slab: (mode: 'maximum' | 'minimum' | 'mean', thickness: string) =>
      `${{ maximum: 'MIP', minimum: 'MinIP', mean: 'Mean' }[mode]} ${thickness} mm`,
    corrected: ' (corrected)',
    noWebGl: 'No 3D: this browser has no WebGL 2.',
    graphicsLost: 'The graphics system was reset; waiting for it.',
    preparing: 'Preparing volume…',
    renderedPart: (mm: number) => `${mm} mm of the scan`,
    averaged: (phase: string) => `${phase}, averaged`,
  },
};
