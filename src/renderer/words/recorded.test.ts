import { describe, expect, it } from 'vitest';
import { KIND_WORDS } from '#shared/annotations/annotationInWords.ts';
import { virtualDevice } from '#shared/contract/testing/values.ts';
import { RESEARCH_USE_NOTICE } from '#shared/modelTraining.ts';
import { PHASE_PLOTS } from '#shared/phases/phasePlot.ts';
import { PHASE_SIZES } from '#shared/phases/phaseSizes.ts';
import { deviceRows } from '#shared/planning/deviceInWords.ts';
import { PROFILE_PLOTS } from '#shared/planning/profileCurves.ts';
import { wordsIn } from './words.ts';

const { recorded } = wordsIn('de');

describe('texts that files hold in English', () => {
  it.each([
    ['Brush', 'Pinsel'],
    ['Brush 0.32 mL', 'Pinsel 0,32 mL'],
    ['Eraser < 0.01 mL', 'Radierer < 0,01 mL'],
    ['Resize region 1.5 mm, +3 mm size', 'Regiongröße ändern 1,5 mm, +3 mm Größe'],
    ['Move ostium plane 1.5 mm, 4°', 'Ostiumebene verschieben 1,5 mm, 4°'],
    ['Correct outline of the ostium', 'Kontur des Ostiums korrigieren'],
    ['Add point to outline at 10.5 mm', 'Punkt zur Kontur bei 10,5 mm hinzufügen'],
    ['Move circumflex artery', 'Ramus circumflexus verschieben'],
    ['Draw free region', 'Freie Region zeichnen'],
    ['Draw ruler 12.3 mm', 'Strecke zeichnen 12,3 mm'],
    ['Ruler 2', 'Strecke 2'],
    ['Reading slices', 'Schichten werden gelesen'],
    ['40 % (2 of 10): Drawing the surface', '40 % (2 von 10): Oberfläche wird gezeichnet'],
    ['Landing zone 10 mm maximum diameter', 'Landezone bei 10 mm: maximaler Durchmesser'],
    ['phase 75 % of R–R', 'Phase 75 % von R–R'],
    ['phase 3 by the order of Instance Number', 'Phase 3 nach der Reihenfolge von Instance Number'],
    ['tilt of 20.0° corrected', 'Kippung von 20,0° korrigiert'],
  ])('%s', (inFiles, shown) => expect(recorded(inFiles)).toBe(shown));

  it('are worded for every plot, curve and size', () => {
    const texts = [
      ...PROFILE_PLOTS.flatMap(({ title, curves }) => [title, ...curves.map(({ label }) => label)]),
      ...PHASE_PLOTS.flatMap(({ title, curves }) => [title, ...curves.map(({ label }) => label)]),
      ...PHASE_SIZES.map(({ label }) => label),
      RESEARCH_USE_NOTICE,
    ];
    expect(texts.filter((text) => recorded(text) === text)).toEqual([]);
  });

  it('are worded for every number of a placed device, and where there is none', () => {
    const lobe = {
      ...virtualDevice,
      shapeKind: 'lobe and disc',
      overlapMm: null,
      depthUsedMm: null,
      distancesMm: { ...virtualDevice.distancesMm, interatrialSeptum: null },
    } as const;
    const rows = [...deviceRows(lobe), ...deviceRows({ ...lobe, distancesByModel: ['circumflex', 'ridge'] })];
    const texts = rows.flatMap(({ label, definition, withheld }) => [
      label,
      definition,
      ...(withheld === '' ? [] : [withheld]),
    ]);
    expect(texts.length).toBeGreaterThan(30);
    expect(texts.filter((text) => recorded(text) === text)).toEqual([]);
  });

  it('are worded for the names that drawings get', () => {
    const names = Object.values(KIND_WORDS).map((kind) => `${kind} 3`);
    expect(names.map(recorded)).toEqual(['Strecke 3', 'Winkel 3', 'Ellipse 3', 'Freie Region 3', 'Text 3']);
  });

  it('of a person stay as they are', () => {
    for (const text of ['Thorax 1.25', 'Brushes', 'Anmerkung von Dr. A.', '1.2.3', 'Move it'])
      expect(recorded(text)).toBe(text);
    expect(wordsIn('en').recorded('Brush 0.32 mL')).toBe('Brush 0.32 mL');
  });
});
