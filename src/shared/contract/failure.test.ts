import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { failureSchema, storedFailureSchema } from './failure.ts';
import { reportInWords, segmentationReportSchema } from './report.ts';
import { report } from './testing/values.ts';

const weak = failure('pipeline.contrast-weak', { atriumHu: 140.4 });

describe('failures that cross', () => {
  it('are taken as they are, and refused where they are none of ours', () => {
    expect(failureSchema.parse(weak)).toEqual(weak);
    for (const value of ['A sentence.', { code: 'pipeline.contrast-weak', fields: {} }])
      expect(failureSchema.safeParse(value).success).toBe(false);
  });

  it('are read as sentences where an earlier version stored sentences', () => {
    const stored = 'Weak contrast in the left atrium (140 HU).';
    expect(storedFailureSchema.parse(stored)).toEqual(failure('stored.sentence', { sentence: stored }));
    const remark = 'The engine on Some GPU stopped; ONNX Runtime on the processor is used instead.';
    const reportWith = (warning: unknown, remarks: readonly unknown[]) =>
      segmentationReportSchema.parse({
        ...report,
        warnings: [warning],
        engine: { ...report.engine, remarks },
      });
    const earlier = reportWith(stored, [remark]);
    const now = reportWith(weak, [failure('engine.replaced-after-stop', { device: 'Some GPU' })]);
    expect(reportInWords(earlier)).toEqual(reportInWords(now));
    expect(reportInWords(now).warnings).toEqual([stored]);
    expect(reportInWords(now).engine.remarks).toEqual([remark]);
  });
});
