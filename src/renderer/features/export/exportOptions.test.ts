import { describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { problemOf, USUAL_OPTIONS, withChoice } from './exportOptions.ts';

const nothing = { ...USUAL_OPTIONS, products: [], meshFormats: [], maskFormats: [], documents: [] };
const all = { hasOstium: true, isSourceKnown: true };

describe('problemOf', () => {
  it('lets the usual choice through', () => {
    expect(problemOf(USUAL_OPTIONS, all)).toBeNull();
    expect(problemOf({ ...nothing, documents: ['csv'] }, { ...all, hasOstium: false })).toBeNull();
  });

  it('says what is missing', () => {
    expect(problemOf(nothing, all)).toEqual(failure('export.choose-file'));
    expect(problemOf({ ...USUAL_OPTIONS, meshFormats: [] }, all)).toEqual(
      failure('export.choose-mesh-format'),
    );
    expect(problemOf({ ...USUAL_OPTIONS, products: [] }, all)).toEqual(failure('export.choose-surface'));
    const segmentation = { ...nothing, dicomObjects: ['dicom-seg' as const] };
    expect(problemOf(segmentation, all)).toBeNull();
    expect(problemOf(segmentation, { ...all, isSourceKnown: false })).toEqual(
      failure('export.choose-no-dicom'),
    );
    expect(problemOf({ ...USUAL_OPTIONS, products: ['wall'] }, { ...all, hasOstium: false })).toEqual(
      failure('export.choose-no-wall'),
    );
  });
});

describe('withChoice', () => {
  it('adds once and removes', () => {
    expect(withChoice(['stl'], 'obj', true)).toEqual(['stl', 'obj']);
    expect(withChoice(['stl'], 'stl', true)).toEqual(['stl']);
    expect(withChoice(['stl', 'obj'], 'stl', false)).toEqual(['obj']);
  });
});
