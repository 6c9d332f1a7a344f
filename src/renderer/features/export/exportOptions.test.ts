import { describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { problemOf, USUAL_OPTIONS, withChoice } from './exportOptions.ts';

const nothing = { ...USUAL_OPTIONS, products: [], meshFormats: [], maskFormats: [], documents: [] };

describe('problemOf', () => {
  it('lets the usual choice through', () => {
    expect(problemOf(USUAL_OPTIONS, true)).toBeNull();
    expect(problemOf({ ...nothing, documents: ['csv'] }, false)).toBeNull();
  });

  it('says what is missing', () => {
    expect(problemOf(nothing, true)).toEqual(failure('export.choose-file'));
    expect(problemOf({ ...USUAL_OPTIONS, meshFormats: [] }, true)).toEqual(
      failure('export.choose-mesh-format'),
    );
    expect(problemOf({ ...USUAL_OPTIONS, products: [] }, true)).toEqual(failure('export.choose-surface'));
    expect(problemOf({ ...USUAL_OPTIONS, products: ['wall'] }, false)).toEqual(
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
