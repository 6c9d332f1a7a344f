import type { regionWords as source } from '../english/region.ts';

export const regionWords: typeof source = {
  regionPanel: {
    cancelled: 'Die Suche wurde abgebrochen.',
    noBox: 'Es ist kein Quader platziert.',
    notFound: 'Vorhofohr nicht gefunden.',
    open: 'Zum Beginnen einen Scan öffnen.',
    looking: 'Vorhofohr wird gesucht…',
    found: 'Automatisch gefunden.',
    foundWith: (confidence: string) => `Automatisch gefunden, Konfidenz ${confidence}.`,
    placed: 'Platziert, nicht automatisch gefunden.',
    centre: (reason: string) =>
      `${reason} Das Fadenkreuz auf das Vorhofohr setzen und den Quader dort platzieren.`,
    place: 'Ans Fadenkreuz',
    find: 'Neu suchen',
    size: 'Quadergröße',
    drag: 'Eine Kante des Quaders ziehen verschiebt ihn, eine Ecke ändert seine Größe.',
  },
};
