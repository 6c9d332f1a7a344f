/**
 * What the pipeline does with scans on which no appendage can be measured: made of phantoms and, where one is named, of
 * a real CT. Prints how many of each kind are refused or given no numbers, with the reasons; how many fit phantoms
 * are; and how often results of each confidence are right. --rows writes a line of JSON for each scan, which
 * bench/fitConfidence.ts fits the confidence to.
 *
 *   npm run bench:unfit -- [--first 201] [--count 4] [--kinds REGEXP] [--ct DICOM_DIR] [--variety wide|usual]
 *     [--matrix 320] [--resolution 64] [--engine onnx] [--threads 2] [--shard 0/1] [--seconds N] [--rows FILE]
 *     [--models DIR] [--fields ID,ID]
 *     [--render cpu|webgpu]
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { diceOfClosedMeshes } from '#main/evaluation/index.ts';
import type { EngineChoice } from '#shared/contract/services/app.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import {
  appendageBounds,
  buildScene,
  drawAcquisitionSpacing,
  suggestedCtGrid,
} from '../src/main/phantom/anatomy/index.ts';
import type { PhantomScene } from '../src/main/phantom/scene.ts';
import { withoutAppendage } from '../src/main/phantom/withoutAppendage.ts';
import type { FitnessEvidence } from '../src/main/pipeline/fitness.ts';
import { loadNetworkModels, openNetworks } from '../src/main/pipeline/networks.ts';
import { type Segmentation, segmentAppendage } from '../src/main/pipeline/segmentAppendage.ts';
import { createStageClock } from '../src/main/pipeline/stageClock.ts';
import { isAppendageCut } from '../src/main/pipeline/warnings.ts';
import { loadSeries, requireBestSeries } from '../src/main/studies/loadSeries.ts';
import { scanDicomFolder } from '../src/main/studies/scanDicomFolder.ts';
import { REFUSE_STEP_MM } from '../src/shared/dicom/assessSeries.ts';
import { failureOf } from '../src/shared/errors.ts';
import { rendererOf, varietyOf } from './choiceOf.ts';
import { phantomTruth } from './phantomTruth.ts';
import { createScanRenderer } from './scanRenderer.ts';
import { unfitByVoxels } from './unfit/kinds.ts';
import { printOutcomes, type UnfitRow } from './unfit/outcomes.ts';
import { type Scan, venous, withoutContrast } from './unfit/unfitScans.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '201' },
    count: { type: 'string', default: '4' },
    /** Only scans whose kind this matches; a fit one is `fit`. */
    kinds: { type: 'string', default: '' },
    ct: { type: 'string' },
    variety: { type: 'string', default: 'wide' },
    matrix: { type: 'string', default: '320' },
    resolution: { type: 'string', default: '64' },
    engine: { type: 'string', default: 'onnx' },
    threads: { type: 'string', default: '2' },
    shard: { type: 'string', default: '0/1' },
    seconds: { type: 'string', default: 'Infinity' },
    rows: { type: 'string' },
    models: { type: 'string' },
    fields: { type: 'string' },
    render: { type: 'string', default: 'cpu' },
  },
});
const began = performance.now();
const isAsked = (kind: string): boolean => new RegExp(values.kinds).test(kind);
const isTime = (): boolean => performance.now() - began < 1000 * Number(values.seconds);
const threads = Number(values.threads);
const variety = varietyOf(values.variety);
const models = await loadNetworkModels(
  withoutUndefined({ modelsFolder: values.models, fieldModels: values.fields?.split(',') }),
);
const networks = await openNetworks(models, {
  // The option's text is checked by selectEngine.
  engine: values.engine as EngineChoice,
  threads,
});
const renderer = await createScanRenderer(rendererOf(values.render), threads);
const rows: UnfitRow[] = [];

/** What is withheld of a result: its first reason, and how much. */
function outcomeOf({ appendage, contrast, fitness }: Segmentation): Pick<UnfitRow, 'outcome' | 'reason'> {
  if (fitness.unfit) return { outcome: 'no numbers', reason: fitness.unfit.code };
  if (isAppendageCut(appendage, contrast)) {
    return { outcome: 'no volume, no depth', reason: 'measure.appendage-cut' };
  }
  if (!appendage.ostium.found) return { outcome: 'no numbers', reason: 'measure.no-ostium' };
  return { outcome: 'given', reason: '' };
}

/** Segments a scan as the command line does and keeps what came of it. */
async function run(kind: string, base: string, scan: Scan, truth?: TriangleMesh): Promise<void> {
  let evidence: FitnessEvidence | undefined;
  let result: Pick<UnfitRow, 'outcome' | 'reason' | 'dice'>;
  const stepMm = scan.grid.spacingMm[2];
  try {
    if (stepMm >= REFUSE_STEP_MM) {
      result = { outcome: 'refused', reason: 'series.steps-too-coarse' };
    } else {
      const segmentation = await segmentAppendage(scan, networks, {
        clock: createStageClock(),
        resolution: Number(values.resolution),
        onEvidence: (known) => {
          evidence = known;
        },
      });
      const dice = truth && diceOfClosedMeshes(segmentation.appendage.closed, truth);
      result = { ...outcomeOf(segmentation), ...withoutUndefined({ dice }) };
    }
  } catch (thrown) {
    result = { outcome: 'refused', reason: failureOf(thrown).code };
  }
  const { confidence = null, disagreementMm, volumeMl, marked } = evidence ?? {};
  const row: UnfitRow = {
    kind,
    base,
    ...result,
    confidence,
    ...(marked !== undefined && disagreementMm !== undefined && volumeMl !== undefined
      ? { evidence: { marked, disagreementMm, volumeMl } }
      : {}),
  };
  rows.push(row);
  if (values.rows !== undefined) appendFileSync(values.rows, `${JSON.stringify(row)}\n`);
  else console.log(`${base}\t${kind}\t${row.outcome}\t${row.reason}\t${confidence?.toFixed(2) ?? ''}`);
}

async function runPhantom(seed: number): Promise<void> {
  const scene = buildScene(seed, { variety });
  const spacing = drawAcquisitionSpacing(createRandom(seed).fork('spacing'), variety);
  const grid = suggestedCtGrid(scene, spacing, Number(values.matrix));
  const render = async (of: PhantomScene): Promise<Scan> => ({
    grid,
    data: await renderer.render(of, grid),
  });
  const scan = await render(scene);
  const { closed: truth } = await phantomTruth(scene, 64);
  const base = String(seed);
  if (isAsked('fit')) await run('fit', base, scan, truth);
  const others = {
    'without contrast': withoutContrast,
    venous,
    'without appendage': withoutAppendage,
  };
  for (const [kind, made] of Object.entries(others)) {
    if (!isAsked(kind)) continue;
    await run(kind, base, await render(made(scene)), made === withoutAppendage ? undefined : truth);
  }
  const { ostiumPointLpsMm: ostiumLpsMm, ostiumNormal: normal } = scene.appendage;
  for (const unfit of unfitByVoxels(scan, { ...appendageBounds(scene), ostiumLpsMm, normal })) {
    if (isAsked(unfit.kind)) await run(unfit.kind, base, unfit.scan, unfit.shows ? truth : undefined);
  }
}

async function runCt(folder: string): Promise<void> {
  const volume = await loadSeries(requireBestSeries(await scanDicomFolder(folder)).chosen);
  const clock = createStageClock();
  const { appendage, contrast } = await segmentAppendage(volume, networks, { clock, resolution: 64 });
  const { ostium, closed } = appendage;
  if (isAsked('fit')) await run('fit', 'ct', volume);
  if (!ostium.found) return;
  const shown = {
    ...boundingBoxLpsMm(closed),
    ostiumLpsMm: ostium.measures.centreLpsMm,
    normal: ostium.planeNormal,
  };
  for (const unfit of unfitByVoxels(volume, shown, contrast.atriumHu))
    if (isAsked(unfit.kind)) await run(unfit.kind, 'ct', unfit.scan);
}

const [shard, shards] = values.shard.split('/').map(Number) as [number, number];
if (values.ct !== undefined) await runCt(values.ct);
const end = Number(values.first) + Number(values.count);
for (let seed = Number(values.first) + shard; seed < end && isTime(); seed += shards) await runPhantom(seed);
await networks.free();
renderer.free();
printOutcomes(rows);
