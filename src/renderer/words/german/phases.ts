import type { phasesWords as source } from '../english/phases.ts';
import { forms } from '../plural.ts';

export const phasesWords: typeof source = {
  phases: {
    title: 'Über den Herzzyklus',
    numbersOf: (phase: string) => `Die Messwerte unten sind die von ${phase}.`,
    noSizing: 'Keine Phase liefert die Fläche des Ostiums: Es gibt keine für die Größenbestimmung.',
    notGivenBy: (phases: string, count: number) =>
      `${phases} ${forms('de', count, { one: 'liefert sie nicht und ist vielleicht größer', other: 'liefern sie nicht und sind vielleicht größer' })}.`,
    sizeAt: (phase: string, areaMm2: string) =>
      `Größenbestimmung bei ${phase}: Dort ist das Ostium am größten (${areaMm2} mm²).`,
    change: (from: string, to: string, percent: string) => `${from} bis ${to}, −${percent} %`,
    sizeHere: (phase: string) => `Bei ${phase} messen`,
    openToChange: 'Zum Arbeiten an einer anderen Phase die Studie öffnen.',
    noneGives: 'Keine Phase liefert es.',
    notGiven: (phase: string, why: string) => `Nicht angegeben bei ${phase}: ${why}`,
    panel: 'Herzphasen',
    count: (count: number) => `${count} Herzphasen`,
    by: (how: string) => `Nach ${how}`,
    previous: 'Vorige Phase',
    previousKey: 'Vorige Phase (Pos1)',
    next: 'Nächste Phase',
    nextKey: 'Nächste Phase (Ende)',
    key: (key: string) => `Taste ${key}`,
    pause: 'Pause',
    play: 'Abspielen',
    showLoaded: 'Geladene Phase zeigen',
    speed: 'Tempo',
    perSecond: (count: number) => `${count} Phasen/s`,
    shown: (phase: string, isSegmented: boolean) =>
      `Gezeigt: ${phase}, auf Voxel von etwa 1 mm gemittelt${isSegmented ? '' : '; nicht segmentiert'}`,
    segmentAll: 'Alle Phasen segmentieren',
    refused: 'abgelehnt',
    withheld: 'zurückgehalten',
  },
  phasePlots: {
    volume: 'Volumen',
    area: 'Fläche',
    ostium: 'Ostium',
    landingZone: 'Landezone',
  },
};
