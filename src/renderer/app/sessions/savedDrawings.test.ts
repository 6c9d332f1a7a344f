import { describe, expect, it } from 'vitest';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import { sessionSummarySchema } from '#shared/contract/services/app.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { type DrawnScan, drawingsId, drawingsParts, readDrawings } from './savedDrawings.ts';

const scan: DrawnScan = {
  seriesInstanceUid: `1.2.${'3'.repeat(60)}`,
  heartPhase: null,
  grid: { sizeIjk: [3, 2, 2], originLpsMm: [1, 2, 3], spacingMm: [1, 1, 2], directions: LPS_AXES },
};
const drawn = {
  scan,
  patient: { name: 'DOE^JANE', id: '17', birthDate: '', sex: 'F', studyDate: '', studyDescription: '' },
  isSample: false,
  seriesDescription: 'CTA',
  annotations: EXAMPLE_ANNOTATIONS,
};

describe('what is drawn on a scan without a segmentation', () => {
  it('comes back as it was, for the same scan', () => {
    expect(readDrawings(drawingsParts(drawn), { ...scan })).toEqual(EXAMPLE_ANNOTATIONS);
  });

  it('is of one phase and of one grid of voxels', () => {
    const others: DrawnScan[] = [
      { ...scan, heartPhase: '75 %' },
      { ...scan, grid: { ...scan.grid, sizeIjk: [3, 2, 3] } },
      { ...scan, grid: { ...scan.grid, originLpsMm: [1, 2, 4] } },
      { ...scan, seriesInstanceUid: '1.2.3' },
    ];
    const ids = [scan, ...others].map(drawingsId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(sessionSummarySchema.shape.id.safeParse(id).success).toBe(true);
    for (const other of others) expect(() => readDrawings(drawingsParts(drawn), other)).toThrow(RangeError);
  });

  it('is refused where it is damaged', () => {
    expect(() => readDrawings({}, scan)).toThrow(RangeError);
    const broken = new TextEncoder().encode('{"format":"auricle-drawings"}');
    expect(() => readDrawings({ 'session.json': broken }, scan)).toThrow();
  });
});
