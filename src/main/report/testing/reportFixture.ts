import { encode } from 'fast-png';
import { measured, report } from '#shared/contract/testing/values.ts';
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
  measurements: measured.measurements,
  mesh: report.mesh,
  warnings: [],
  warningsBeforeEditing: [],
  report,
  patient: {
    name: 'DOE^JANE',
    id: 'A-17',
    birthDate: '19500102',
    sex: 'F',
    studyDate: '20260131',
    studyDescription: 'Heart CT',
  },
  edits: ['Moved the ostium’s plane'],
  review: 'accepted',
  pictures: [{ caption: 'Axial', png: picturePng() }],
  maskExtent: null,
  madeAt: new Date('2026-02-03T04:05:06Z'),
};
