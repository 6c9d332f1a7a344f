import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import type { DeviceTable } from '#shared/contract/planning.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import { SAVED_CROP, SAVED_HEAD, type savedHeadSchema } from '#shared/contract/savedWork.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { deviceTable, grid, report } from '#shared/contract/testing/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { sectionAt } from '#shared/planning/profileSection.ts';
import { compressPart, packSession } from '#shared/sessionArchive.ts';
import { measureDivided } from '../meshing/index.ts';
import { tubeMesh } from '../meshing/shapes.ts';
import { lumenProfile } from '../planning/index.ts';
import { savedWorkReport } from './savedWorkReport.ts';

/** A straight tube, 20 mm wide at the ostium and 8 mm at its end, 24 mm long. */
const line = Array.from({ length: 25 }, (_, z): Vec3 => [0, 0, z]);
const circle = (radiusMm: number, z: number): [number, number, number][] =>
  Array.from({ length: 96 }, (_, step) => {
    const angle = (2 * Math.PI * step) / 96;
    return [radiusMm * Math.cos(angle), radiusMm * Math.sin(angle), z];
  });
const closed = tubeMesh(
  line,
  line.map((): Vec3 => [0, 0, 1]),
  (at) => 10 - 6 * at,
);
const appendage: MeasuredAppendage = measureDivided(
  {
    closed,
    ostium: { wall: closed, rimLpsMm: circle(10, 0), plane: { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] } },
    droppedPieces: 0,
    warnings: [],
  },
  false,
);
/** As JSON keeps them: without −0. */
const numbers: unknown = JSON.parse(JSON.stringify(appendage.measurements));
/** The reader drew the section at 10 mm wider. */
const at10 = sectionAt(lumenProfile(appendage), 10)!;
const drawn = {
  at: 10,
  plane: { pointLpsMm: at10.pointLpsMm, normal: at10.normal },
  pointsLpsMm: circle(9, 10).filter((_, at) => at % 12 === 0),
  outlineLpsMm: circle(9, 10),
};

type Head = z.input<typeof savedHeadSchema>;

const bytesOf = (array: Float32Array | Uint32Array | Int16Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function archive(parts: Partial<Head> = {}): Uint8Array {
  const { closed: _, wall, rimLpsMm, ...numbers } = appendage;
  const surface = { ...numbers, hasWall: false, hasRim: true };
  const head: Head = {
    format: 'auricle-session',
    formatVersion: 1,
    id: 'case',
    seriesInstanceUid: '1.2.3',
    patient: { name: 'DOE^JANE', id: '17', birthDate: '', sex: 'F', studyDate: '', studyDescription: '' },
    isSample: false,
    cropGrid: grid,
    region: report.region,
    report,
    isCut: false,
    original: surface,
    appendage: surface,
    plane: appendage.ostiumPlane,
    marks: { ...NO_MARKS, outlines: [drawn] },
    device: { table: deviceTable.name, size: deviceTable.sizes[0]!.label, depthMm: 8, tiltDegrees: [0, 0] },
    verdict: 'accepted',
    reviewedBy: { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' },
    labelEdits: 0,
    isStale: false,
    landingZoneMm: 10,
    annotations: [...EXAMPLE_ANNOTATIONS],
    documented: { edits: ['Correct outline at 10.0 mm'], reviewedSteps: ['region'] },
    isOriginal: true,
    ...parts,
  };
  const [columns, rows, slices] = grid.sizeIjk;
  const meshParts = {
    'original.positions.f32': bytesOf(closed.positionsLpsMm),
    'original.triangles.u32': bytesOf(closed.triangles),
    'original.rim.f32': bytesOf(rimLpsMm!),
  };
  return packSession({
    [SAVED_HEAD]: new TextEncoder().encode(JSON.stringify(head)),
    [`${SAVED_CROP}.gz`]: compressPart(bytesOf(new Int16Array(columns * rows * slices))),
    ...meshParts,
  });
}

const table: DeviceTable = {
  ...deviceTable,
  shape: {
    kind: 'cup',
    source: 'Schematic.',
    length: [{ timesSize: 0.6, plusMm: 0 }],
    faceDiameter: [{ timesSize: 0.8, plusMm: 0 }],
    shoulder: [{ timesSize: 0.2, plusMm: 0 }],
    endDiameter: [{ timesSize: 0.6, plusMm: 0 }],
  },
};
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
