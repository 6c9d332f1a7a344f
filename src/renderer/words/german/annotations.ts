import type { annotationsWords as source } from '../english/annotations.ts';

export const annotationsWords: typeof source = {
  annotationKinds: {
    ruler: 'Strecke',
    angle: 'Winkel',
    ellipse: 'Ellipse',
    freehand: 'Freie Region',
    text: 'Text',
  },
  annotationLines: {
    mean: (meanHu: string, deviationHu: string) => `Mittel ${meanHu} ± ${deviationHu} HU`,
    range: (fromHu: string, toHu: string) => `${fromHu} bis ${toHu} HU`,
  },
  annotationPanel: {
    title: 'In den Schnittebenen gezeichnet',
    deleteAll: 'Alle löschen',
    showPlane: 'Zugehörige Schnittebene zeigen',
    rename: (name: string) => `${name} umbenennen`,
    delete: (name: string) => `${name} löschen`,
    nameOf: (name: string) => `Name von ${name}`,
  },
};
