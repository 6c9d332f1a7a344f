import type { z } from 'zod';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import type { DeviceTable } from '#shared/contract/planning.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import { SAVED_CROP, SAVED_HEAD, SAVED_LABELS, type savedHeadSchema } from '#shared/contract/savedWork.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { deviceTable, grid, report } from '#shared/contract/testing/values.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { sectionAt } from '#shared/planning/profileSection.ts';
import { compressPart, packSession } from '#shared/sessionArchive.ts';
import { measureDivided } from '../../meshing/index.ts';
import { tubeMesh } from '../../meshing/shapes.ts';
import { lumenProfile } from '../../planning/index.ts';

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
export const appendage: MeasuredAppendage = measureDivided(
  {
    closed,
    ostium: { wall: closed, rimLpsMm: circle(10, 0), plane: { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] } },
    droppedPieces: 0,
    warnings: [],
  },
  false,
);
/** The reader drew the section at 10 mm wider. */
const at10 = sectionAt(lumenProfile(appendage), 10)!;
const drawn = {
  at: 10,
  plane: { pointLpsMm: at10.pointLpsMm, normal: at10.normal },
  pointsLpsMm: circle(9, 10).filter((_, at) => at % 12 === 0),
  outlineLpsMm: circle(9, 10),
};

/** `session.json` as it is written. */
export type Head = z.input<typeof savedHeadSchema>;

const bytesOf = (array: Float32Array | Uint32Array | Int16Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/**
 * The archive of saved work on the tube, accepted; the reader drew the section at 10 mm 18 mm wide.
 * @param labels on the crop's voxels; of another crop than the example's where `parts` name its grid
 */
export function archive(parts: Partial<Head> = {}, labels = new Uint8Array(0)): Uint8Array {
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
  const [columns, rows, slices] = head.cropGrid.sizeIjk;
  const meshParts = {
    'original.positions.f32': bytesOf(closed.positionsLpsMm),
    'original.triangles.u32': bytesOf(closed.triangles),
    'original.rim.f32': bytesOf(rimLpsMm!),
  };
  return packSession({
    [SAVED_HEAD]: new TextEncoder().encode(JSON.stringify(head)),
    [`${SAVED_CROP}.gz`]: compressPart(bytesOf(new Int16Array(columns * rows * slices))),
    [SAVED_LABELS]: labels,
    ...meshParts,
  });
}

/** A table whose devices have a shape. */
export const table: DeviceTable = {
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
