import { describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { problemOf, readOptions, USUAL_OPTIONS, withChoice } from './exportOptions.ts';

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

describe('readOptions', () => {
  it('reads what it wrote, and falls back to the usual for anything else', () => {
    const chosen = { ...USUAL_OPTIONS, frame: 'RAS' as const };
    expect(readOptions(JSON.stringify(chosen))).toEqual(chosen);
    expect(readOptions(null)).toEqual(USUAL_OPTIONS);
    expect(readOptions('{"frame":"XYZ"}')).toEqual(USUAL_OPTIONS);
    expect(readOptions('no json')).toEqual(USUAL_OPTIONS);
  });
});
