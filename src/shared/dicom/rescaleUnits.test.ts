import { describe, expect, it } from 'vitest';
import { rescaleUnits } from './rescaleUnits.ts';

describe('rescaleUnits', () => {
  it.each([
    ...['', 'HU', 'hu', ' HU ', '[HU]', 'H.U.', 'H U', 'HUs', 'HU (CT)', 'CT Number', 'HE', 'UH'],
    ...['HOUNSFIELD', 'Hounsfield Units', 'HOUNSFIELD_UNIT', 'Houndsfield', 'Hounsfeld units', 'HOUSFIELD'],
    ...['Hunsfield', 'HOUNSEFIELD UNITS', 'HounsfieldUnits', 'Hounfield Unit', 'Hounsfieldeinheiten'],
  ])('takes “%s” for Hounsfield units', (type) => {
    expect(rescaleUnits(type)).toBe('hounsfield');
  });

  it.each(['US', 'unspecified', 'Unknown', 'N/A'])('takes “%s” for no answer', (type) => {
    expect(rescaleUnits(type)).toBe('unspecified');
  });

  it.each([
    'HU_MOD',
    'MGML',
    'OD',
    'Z_EFF',
    'ED',
    'EDW',
    'PCT',
    'mg/ml',
    'MODIFIED HU',
    'BQML',
    'SUV',
    'HU*10',
    'HU/1000',
    '%',
  ])('takes “%s” for other units', (type) => {
    expect(rescaleUnits(type)).toBe('other');
  });
});
