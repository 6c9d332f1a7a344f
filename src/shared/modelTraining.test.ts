import { describe, expect, it } from 'vitest';
import { resultNotice, trainingInWords } from './modelTraining.ts';

const region = { id: 'laa-region-64', kind: 'region', trainedOn: 'synthetic' };
const own = { id: 'laa-nudf-128', kind: 'field', trainedOn: 'synthetic' };
const imported = { id: 'shapenet64vox-70', kind: 'family', trainedOn: '120 CTs of our hospital' };

describe('resultNotice', () => {
  it('says that the bundled models have seen synthetic CT only', () => {
    expect(resultNotice([region, own])).toBe(
      'Research software, not for clinical decisions. The models were trained on synthetic CT only; no patient data was used.',
    );
  });

  it('says of an imported model what was said at its import', () => {
    expect(resultNotice([region, imported])).toBe(
      'Research software, not for clinical decisions. The imported model shapenet64vox-70 was trained on “120 CTs of our hospital”, as was said at its import. The bundled models were trained on synthetic CT only.',
    );
  });

  it('says that it is unknown where nobody said, and never that no patient data was used', () => {
    const notice = resultNotice([region, { ...imported, trainedOn: 'unknown' }]);
    expect(notice).toContain('What the imported model shapenet64vox-70 was trained on is unknown.');
    expect(notice).not.toContain('no patient data');
  });
});

it('trainingInWords takes the word "synthetic" of an importer as his own', () => {
  expect(
    [own, imported, { ...imported, trainedOn: 'unknown' }, { ...imported, trainedOn: 'synthetic' }].map(
      trainingInWords,
    ),
  ).toEqual([
    'trained on synthetic CT only',
    'imported; trained on “120 CTs of our hospital”',
    'imported; what it was trained on is unknown',
    'imported; trained on “synthetic”',
  ]);
});
