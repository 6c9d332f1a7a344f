import { describe, expect, it } from 'vitest';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import { SAVED_HEAD } from '#shared/contract/savedWork.ts';
import { deviceTable } from '#shared/contract/testing/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { packSession } from '#shared/sessionArchive.ts';
import { savedWorkReport } from './savedWorkReport.ts';
import { appendage, archive, type Head, table } from './testing/exampleSavedWork.ts';

/** As JSON keeps them: without −0. */
const numbers: unknown = JSON.parse(JSON.stringify(appendage.measurements));
const options = {
  letterhead: NO_LETTERHEAD,
  tables: [table],
  landingZoneMm: null,
  device: null,
  savedWork: [],
};

const whyRefused = (parts: Partial<Head>): unknown => {
  try {
    savedWorkReport(archive(parts), options);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.failure.code;
  }
  return undefined;
};

describe('a report of saved work', () => {
  it('has the numbers by the reader’s outlines, his landing zone, device, drawings and verdict', () => {
    const input = savedWorkReport(archive(), options);
    const zone = input.measurements.landingZones.find(({ distanceMm }) => distanceMm === 10)!;
    expect(zone.maxDiameterMm).toBeCloseTo(18, 1);
    expect(zone.areaMm2).toBeCloseTo(Math.PI * 81, 0);
    // All other numbers are the surface's.
    expect({ ...input.measurements, landingZones: [], withheld: {} }).toEqual({
      ...appendage.measurements,
      ostium: expect.objectContaining({ areaMm2: appendage.measurements.ostium?.areaMm2 }),
      landingZones: [],
      withheld: {},
    });
    expect(input.plan?.landingZoneMm).toBe(10);
    expect(input.plan?.profile.correctedOutlines).toMatchObject([{ at: 10, isUsed: true }]);
    expect(input.plan?.virtualDevice).toMatchObject({ table: deviceTable.name, depthMm: 8 });
    expect(input.warnings).toContainEqual(failure('planning.section-outline-corrected', { distanceMm: 10 }));
    expect(input).toMatchObject({
      review: 'accepted',
      reviewedBy: { reviewer: 'Dr Roe' },
      reviewedSteps: ['region'],
      edits: ['Correct outline at 10.0 mm'],
      patient: { name: 'DOE^JANE' },
    });
    expect(input.annotations).toHaveLength(EXAMPLE_ANNOTATIONS.length);
  });

  it('has the surface’s own numbers where nothing was corrected', () => {
    const { measurements, warnings } = savedWorkReport(archive({ marks: NO_MARKS }), options);
    expect(measurements).toEqual(numbers);
    expect(warnings).toEqual(appendage.warnings);
  });

  it('says why the device that was saved is not there', () => {
    const { plan, warnings } = savedWorkReport(archive(), { ...options, tables: [] });
    expect(plan?.virtualDevice).toBeNull();
    expect(warnings.map(({ code }) => code)).toContain('planning.no-such-table');
  });

  it('is refused of work whose surface is not that of its edits, of an earlier version’s and of damaged bytes', () => {
    expect(whyRefused({ isStale: true })).toBe('report.saved-work-stale');
    expect(whyRefused({ documented: null })).toBe('report.saved-work-of-earlier-version');
    expect(whyRefused({ isOriginal: false })).toBe('storage.session-not-restorable');
    expect(() => savedWorkReport(archive({ isOriginal: false }), options)).toThrow(/surface as it was left/);
    expect(() => savedWorkReport(Uint8Array.of(1, 2), options)).toThrow(/its file as a whole/);
    expect(() => savedWorkReport(packSession({ [SAVED_HEAD]: Uint8Array.of(123) }), options)).toThrow(
      /its description/,
    );
  });
});
