import { encode } from 'fast-png';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import { deviceTable, lumenProfile, measured, report } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import { planDevices } from '#shared/planning/deviceFit.ts';
import { reportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import type { ReportInput } from '../reportInput.ts';

/** A small picture, PNG. */
export const picturePng = (widthPx = 32, heightPx = 24): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    encode({
      width: widthPx,
      height: heightPx,
      channels: 3,
      data: Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, index) => (7 * index) % 256),
    }),
  );

/** A result with every number, for tests of what is made of it. */
export const REPORT_INPUT: ReportInput = {
  annotations: [],
  measurements: measured.measurements,
  mesh: report.mesh,
  warnings: [],
  warningsBeforeEditing: [],
  report,
  plan: null,
  phases: [],
  landmarks: reportedLandmarks(NO_MARKS, null),
  patient: {
    name: 'DOE^JANE',
    id: 'A-17',
    birthDate: '19500102',
    sex: 'F',
    studyDate: '20260131',
    studyDescription: 'Heart CT',
  },
  letterhead: NO_LETTERHEAD,
  edits: ['Moved the ostium’s plane'],
  review: 'accepted',
  reviewedBy: { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' },
  reviewedSteps: [],
  pictures: [{ caption: 'Axial', png: picturePng() }],
  surface: null,
  deviceMesh: null,
  scanPictures: [],
  maskExtent: null,
  madeAt: new Date('2026-02-03T04:05:06Z'),
};

/** A sentence that was said before, as a failure. */
export const said = (sentence: string) => failure('stored.sentence', { sentence });

/** A result that the scan's edge cuts: no number is given. */
export const WITHHELD: ReportInput = {
  ...REPORT_INPUT,
  measurements: {
    ostium: null,
    landingZones: [],
    volumeMl: null,
    depthMm: null,
    depthToFirstBendMm: null,
    surfaceAreaMm2: null,
    withheld: { depthMm: failure('measure.appendage-cut'), landingZone10: failure('measure.no-ostium') },
  },
  review: 'not reviewed',
  reviewedBy: null,
  reviewedSteps: [],
  edits: [],
  warnings: [said('The appendage is cut.')],
};

/** What a hostile or merely foreign file could put into a report. */
const HOSTILE = '</title><script>alert("1")</script> & \'x\' \u0000\u0007 山田 Łódź Владимир 😀 ';
export const HOSTILE_INPUT: ReportInput = {
  ...REPORT_INPUT,
  patient: {
    name: HOSTILE,
    id: HOSTILE,
    birthDate: HOSTILE,
    sex: HOSTILE,
    studyDate: HOSTILE,
    studyDescription: HOSTILE.repeat(200),
  },
  edits: [HOSTILE, 'x'.repeat(9000)],
  warnings: [said(HOSTILE)],
  report: {
    ...report,
    source: { ...report.source, seriesDescription: HOSTILE, seriesInstanceUid: HOSTILE },
  },
  pictures: [{ caption: HOSTILE, png: picturePng() }],
};

/** The same with a plan: a device that fits, and one that does not. */
export const PLANNED_INPUT: ReportInput = {
  ...REPORT_INPUT,
  plan: planDevices(
    [
      deviceTable,
      {
        ...deviceTable,
        name: 'Narrow <occluder>',
        sizedBy: { section: 'ostium', diameter: 'perimeter-derived' },
        sizes: [{ label: '10 mm', sizeMm: 10, rangeMm: [7, 9] }],
      },
    ],
    { measurements: measured.measurements, profile: lumenProfile },
  ),
};
