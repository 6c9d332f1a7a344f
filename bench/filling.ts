/**
 * How often and how exactly the unfilled part of an appendage is measured, on phantoms whose filling is known, inside
 * of their true surface: no network runs. Prints a line a scan and the table of docs/accuracy.md.
 *
 *   npm run bench:filling -- [--first 2001] [--count 40] [--noise 60] [--variety usual|wide] [--filling filled,…] [--verbose]
 */
import { parseArgs } from 'node:util';
import {
  buildScene,
  drawAcquisitionSpacing,
  FILLINGS,
  type Filling,
} from '../src/main/phantom/anatomy/index.ts';
import { renderCtBox } from '../src/main/phantom/renderCt.ts';
import { trueUnfilledMl } from '../src/main/phantom/trueFilling.ts';
import { measureFilling } from '../src/main/pipeline/appendageFilling.ts';
import { measureContrast } from '../src/main/pipeline/contrast.ts';
import { type GridLps, LPS_AXES } from '../src/shared/geometry/gridLps.ts';
import { perAxis } from '../src/shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '../src/shared/mesh/measures.ts';
import type { TriangleMesh } from '../src/shared/mesh/triangleMesh.ts';
import { createRandom } from '../src/shared/random/random.ts';
import type { VolumeHu } from '../src/shared/volume/volume.ts';
import { withoutUndefined } from '../src/shared/withoutUndefined.ts';
import { choiceOf, varietyOf } from './choiceOf.ts';
import { phantomTruth } from './phantomTruth.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '2001' },
    count: { type: 'string', default: '40' },
    noise: { type: 'string' },
    variety: { type: 'string', default: 'wide' },
    filling: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const [first, count] = [Number(values.first), Number(values.count)];
const fillings = values.filling?.split(',').map((one) => choiceOf('filling', one, FILLINGS)) ?? FILLINGS;
const variety = varietyOf(values.variety);

/** Room for the atrium's probe, mm. */
const ROOM_MM = 14;
/** An unfilled part of less is not asked for, mL. */
const ASKED_ML = 0.5;

const isotropic = (
  mesh: TriangleMesh,
  spacingMm: readonly [number, number, number],
  roomMm: number,
): GridLps => {
  const { low, high } = boundingBoxLpsMm(mesh);
  return {
    sizeIjk: perAxis((axis) => Math.ceil((high[axis] - low[axis] + 2 * roomMm) / spacingMm[axis]) + 1),
    originLpsMm: perAxis((axis) => low[axis] - roomMm),
    spacingMm,
    directions: LPS_AXES,
  };
};

interface Row {
  readonly filling: Filling;
  readonly trueMl: number;
  readonly foundMl: number;
}
const rows: Row[] = [];

for (let seed = first; seed < first + count; seed++) {
  const spacing = drawAcquisitionSpacing(createRandom(seed).fork('spacing'), variety);
  const acquisition = values.noise === undefined ? undefined : { noiseSdHu: Number(values.noise) };
  let truth: Awaited<ReturnType<typeof phantomTruth>> | undefined;
  for (const filling of fillings) {
    const scene = buildScene(seed, {
      detail: 'crop',
      variety,
      filling,
      ...withoutUndefined({ acquisition }),
    });
    // The lumen does not depend on its filling.
    truth ??= await phantomTruth(scene, 64);
    const { closed, ostium, volumeMl } = truth;
    if (!ostium.found) break;
    const grid = isotropic(closed, [spacing.inPlaneMm, spacing.inPlaneMm, spacing.sliceMm], ROOM_MM);
    const data = renderCtBox(scene, grid, { from: [0, 0, 0], to: grid.sizeIjk });
    const volume: VolumeHu = { grid, data: Int16Array.from(data, Math.round) };
    const { atriumHu } = measureContrast(volume, closed, {
      centreLpsMm: ostium.measures.centreLpsMm,
      normal: ostium.planeNormal,
      wall: ostium.wall,
    });
    const began = performance.now();
    const found = measureFilling(volume, truth, ostium, atriumHu);
    const ms = performance.now() - began;
    const trueMl = filling === 'filled' ? 0 : trueUnfilledMl(scene, closed);
    rows.push({ filling, trueMl, foundMl: found?.unfilledMl ?? 0 });
    if (values.verbose)
      console.log(
        [
          seed,
          filling.padEnd(11),
          `${volumeMl.toFixed(1)} mL`,
          `slice ${spacing.sliceMm.toFixed(1)}`,
          `noise ${scene.acquisition.noiseSdHu.toFixed(0)}`,
          `atrium ${atriumHu?.toFixed(0)}`,
          `true ${trueMl.toFixed(2)}`,
          found
            ? `found ${found.unfilledMl.toFixed(2)} ± ${found.uncertaintyMl.toFixed(2)} mL, ${found.filledHu?.toFixed(0)} and ${found.unfilledHu.toFixed(0)} HU, ${found.fromDepthMm.toFixed(0)} to ${found.toDepthMm.toFixed(0)} mm`
            : 'one compartment',
          `${ms.toFixed(0)} ms`,
        ].join('  '),
      );
  }
}

const quantile = (list: readonly number[], share: number): number =>
  [...list].sort((a, b) => a - b)[Math.round(share * (list.length - 1))] ?? Number.NaN;
for (const filling of fillings) {
  const own = rows.filter((row) => row.filling === filling);
  const asked = own.filter(({ trueMl }) => trueMl >= ASKED_ML);
  const found = asked.filter(({ foundMl }) => foundMl > 0);
  const errors = found.map(({ trueMl, foundMl }) => foundMl - trueMl);
  const shares = found.map(({ trueMl, foundMl }) => Math.abs(foundMl / trueMl - 1));
  const calledTwo = own.filter(({ foundMl }) => foundMl > 0).length;
  console.log(
    `${filling}: ${own.length} scans, ${calledTwo} called two compartments; ${found.length} of ${asked.length} with ${ASKED_ML} mL or more found; ` +
      `error mL median ${quantile(errors, 0.5).toFixed(2)} (5 to 95 %: ${quantile(errors, 0.05).toFixed(2)} to ${quantile(errors, 0.95).toFixed(2)}), ` +
      `off by median ${(100 * quantile(shares, 0.5)).toFixed(0)} %, 95 % of them within ${(100 * quantile(shares, 0.95)).toFixed(0)} %`,
  );
}
