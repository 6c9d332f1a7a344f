/** Words of the page: see `../README.md`. */
export const regionWords = {
  regionPanel: {
    cancelled: 'The search was cancelled.',
    noBox: 'No box is placed.',
    notFound: 'Appendage not found.',
    open: 'Open a scan to begin.',
    looking: 'Looking for the appendage…',
    found: 'Found automatically.',
    foundWith: (confidence: string) => `Found automatically, confidence ${confidence}.`,
    placed: 'Placed, not found automatically.',
    centre: (reason: string) => `${reason} Centre the crosshair on the appendage and place the box there.`,
    place: 'Place at crosshair',
    find: 'Find again',
    size: 'Box size',
    drag: 'Drag an edge of the box to move it, a corner to resize it.',
  },
};
