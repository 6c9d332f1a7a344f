import { expect, it } from 'vitest';
import { meshTopology } from '#main/mesh/topology.ts';
import { report } from '#shared/contract/testing/values.ts';
import { FIELD_128, REGION_64 } from '#shared/nudf/network/networkSpec.ts';
import { words } from '#shared/words/words.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';
import { buildReport } from './buildReport.ts';
import { segmentAppendage } from './segmentAppendage.ts';
import { createStageClock } from './stageClock.ts';
import { fakeEngine } from './testing/fakeEngine.ts';
import { filledScan, filledScanCentreLpsMm } from './testing/filledStudy.ts';
import { surfaceWarnings } from './warnings.ts';

/** Its middle is that of its wall, so that the cube does not move. */
const BOWL_MIDDLE_MM = 6;

/** A bowl of 12 mm that opens upward, with a network's floor. */
const bowl: FieldFunction = async (points) => {
  const values = Float32Array.from({ length: points.length / 3 }, (_, index) => {
    const [x, y, up] = Array.from(points.subarray(3 * index, 3 * index + 3), (value) => 35 * value) as [
      number,
      number,
      number,
    ];
    const z = up - BOWL_MIDDLE_MM;
    const wallMm = z <= 0 ? Math.hypot(x, y, z) - 12 : Math.hypot(Math.hypot(x, y) - 12, z);
    return Math.hypot(wallMm, 0.2);
  });
  return { signedMm: values, unsignedMm: values };
};

it('draws an open surface from a model without a sign, and says what its measures are', async () => {
  const device = fakeEngine({ held: new Set(), field: bowl });
  const { wall, segmentation } = await (async () => {
    const engine = { ...(await device.fieldEngine(FIELD_128, new Map())), isUnsigned: true };
    const region = await device.regionEngine(REGION_64, new Map());
    const networks = {
      region: { engine: region, spec: REGION_64 },
      field: { engine, spec: { resolution: 16, edgeMm: 70 } },
    };
    const found = await segmentAppendage(filledScan, networks, {
      resolution: 64,
      clock: createStageClock(),
      start: { centreLpsMm: filledScanCentreLpsMm },
    });
    const { ostium } = found.appendage;
    if (!ostium.found) throw new Error('No ostium was found.');
    return { wall: ostium.wall, segmentation: found };
  })();
  expect(meshTopology(wall)).toMatchObject({ components: 1, boundaryLoops: 1 });
  // Half a ball.
  expect(segmentation.appendage.volumeMl / (((2 / 3) * Math.PI * 12 ** 3) / 1000)).toBeCloseTo(1, 1);
  expect(segmentation.surfaceWarnings).toContainEqual({ code: 'pipeline.open-surface', fields: {} });
  const reportOf = (isRagged: boolean) =>
    buildReport({
      programVersion: '1',
      source: report.source,
      segmentation: {
        ...segmentation,
        contrast: { ...segmentation.contrast, shownShare: 1 },
        appendage: { ...segmentation.appendage, open: { openings: 1, isRagged }, truncated: false },
      },
      models: [],
      engine: { id: 'onnx', device: 'test', reasons: [] },
      secondsPerStage: {},
      seriesWarnings: [],
    });
  expect(reportOf(false).volumeMl).toBeCloseTo(segmentation.appendage.volumeMl, 2);
  // A cap over a ragged rim encloses nothing that could be measured.
  expect(reportOf(true)).toMatchObject({
    ostium: null,
    landingZones: [],
    volumeMl: null,
    depthMm: null,
    surfaceAreaMm2: null,
    mesh: { wallBoundaryLoops: 1 },
  });
  const { appendage } = segmentation;
  expect(
    surfaceWarnings({ ...appendage, open: { openings: 2, isRagged: true } }, false).map(words().sentence),
  ).toEqual([expect.stringMatching(/ragged rim .*ostium, volume and depth are withheld/)]);
});
