import { expect, it } from 'vitest';
import { keyNumbers } from './resultPreview.ts';

it('keeps the row of a number that is withheld, and leaves out a contrast that was not measured', () => {
  const rows = keyNumbers({
    volumeMl: 7.25,
    depthMm: null,
    surfaceAreaMm2: 2310,
    ostium: null,
    landingZones: [],
    contrast: { atriumHu: 301.6, appendageHu: null },
    filling: null,
  });
  expect(rows.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Volume: 7.3 mL',
    'Depth: withheld',
    'Wall area: 23.1 cm²',
    'Ostium, maximum × minimum: withheld',
    'Ostium area: withheld',
    'Ostium perimeter: withheld',
    'Area-derived diameter: withheld',
    'Perimeter-derived diameter: withheld',
    'Landing zone at 10 mm: withheld',
    'Landing zone at 12 mm: withheld',
    'Contrast, atrium: 302 HU',
  ]);
});
