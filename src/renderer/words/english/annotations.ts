/** Words of the page: see `../README.md`. */
export const annotationsWords = {
  annotationKinds: {
    ruler: 'Ruler',
    angle: 'Angle',
    ellipse: 'Ellipse',
    freehand: 'Free region',
    text: 'Text',
  },
  annotationLines: {
    mean: (meanHu: string, deviationHu: string) => `Mean ${meanHu} ± ${deviationHu} HU`,
    range: (fromHu: string, toHu: string) => `${fromHu} to ${toHu} HU`,
  },
  annotationPanel: {
    title: 'Drawn in the planes',
    deleteAll: 'Delete all',
    showPlane: 'Show its plane',
    rename: (name: string) => `Rename ${name}`,
    delete: (name: string) => `Delete ${name}`,
    nameOf: (name: string) => `Name of ${name}`,
  },
};
