import { forms } from '../plural.ts';
/** Words of the page: see `../README.md`. */
export const phasesWords = {
  phases: {
    title: 'Over the heart cycle',
    numbersOf: (phase: string) => `The numbers below are those of ${phase}.`,
    noSizing: 'No phase gives the area of the ostium: there is none to size in.',
    notGivenBy: (phases: string, count: number) =>
      `${phases} ${forms('en', count, { one: 'does', other: 'do' })} not give it and may be larger.`,
    sizeAt: (phase: string, areaMm2: string) =>
      `Size at ${phase}: the ostium is largest there (${areaMm2} mm²).`,
    change: (from: string, to: string, percent: string) => `${from} to ${to}, −${percent} %`,
    sizeHere: (phase: string) => `Size at ${phase}`,
    openToChange: 'Open the study to work on another phase.',
    noneGives: 'No phase gives it.',
    notGiven: (phase: string, why: string) => `Not given at ${phase}: ${why}`,
    panel: 'Heart phases',
    count: (count: number) => `${count} heart phases`,
    by: (how: string) => `By ${how}`,
    previous: 'Previous phase',
    previousKey: 'Previous phase (Home)',
    next: 'Next phase',
    nextKey: 'Next phase (End)',
    key: (key: string) => `Key ${key}`,
    pause: 'Pause',
    play: 'Play',
    showLoaded: 'Show loaded phase',
    speed: 'Speed',
    perSecond: (count: number) => `${count} phases/s`,
    shown: (phase: string, isSegmented: boolean) =>
      `Shown: ${phase}, averaged to voxels of about 1 mm${isSegmented ? '' : '; not segmented'}`,
    segmentAll: 'Segment all phases',
    refused: 'refused',
    withheld: 'withheld',
  },
  phasePlots: {
    volume: 'Volume',
    area: 'Area',
    ostium: 'Ostium',
    landingZone: 'Landing zone',
  },
};
