/**
 * Times of one study after the other in one process, stage by stage, on any engine: the first pays for compiling, the
 * others show what a study takes. Two phantoms in turn, each whole and again from the crop on; prints a line each.
 *
 *   node bench/run.js inferenceTimes [--engine webgpu] [--runs 6] [--resolution 128] [--matrix 192] [--models DIR] [--fields ID,ID]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { EngineChoice } from '#shared/contract/services/app.ts';
import { DEFAULT_RESOLUTION } from '#shared/contract/services/app.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { buildScene, suggestedCtGrid } from '../src/main/phantom/anatomy/index.ts';
import { loadNetworkModels, openNetworks } from '../src/main/pipeline/networks.ts';
import { type SegmentationStart, segmentAppendage } from '../src/main/pipeline/segmentAppendage.ts';
import { createStageClock } from '../src/main/pipeline/stageClock.ts';
import { renderCtThreads } from '../src/main/workers/renderCtThreads.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'auto' },
    runs: { type: 'string', default: '6' },
    resolution: { type: 'string', default: String(DEFAULT_RESOLUTION) },
    matrix: { type: 'string', default: '192' },
    models: { type: 'string' },
    fields: { type: 'string' },
  },
});
const SEEDS = [7, 12];

const volumes: VolumeHu[] = [];
for (const seed of SEEDS) {
  const scene = buildScene(seed);
  const grid = suggestedCtGrid(scene, { inPlaneMm: 0.5, sliceMm: 0.8 }, Number(values.matrix));
  volumes.push({ grid, data: await renderCtThreads(scene, grid) });
}
const models = await loadNetworkModels(
  withoutUndefined({ modelsFolder: values.models, fieldModels: values.fields?.split(',') }),
);
const began = performance.now();
// The option's text is checked by selectEngine.
const networks = await openNetworks(models, { engine: values.engine as EngineChoice });
console.log(`${networks.field.engine.device}: opened in ${Math.round(performance.now() - began)} ms`);
console.log('\n| study | from | wall, ms | processor, ms | stages, s |\n|---|---|--:|--:|---|');

async function timed(study: number, from: string, start?: SegmentationStart) {
  const clock = createStageClock();
  const cpu = process.cpuUsage();
  const before = performance.now();
  const found = await segmentAppendage(volumes[study % volumes.length]!, networks, {
    clock,
    resolution: Number(values.resolution),
    ...withoutUndefined({ start }),
  });
  const { user, system } = process.cpuUsage(cpu);
  const stages = Object.entries(clock.seconds())
    .map(([stage, seconds]) => `${stage} ${seconds}`)
    .join(', ');
  console.log(
    `| ${[study + 1, from, Math.round(performance.now() - before), Math.round((user + system) / 1000), stages].join(' | ')} |`,
  );
  return found.start;
}
for (let study = 0; study < Number(values.runs); study++) {
  await timed(study, 'crop', await timed(study, 'volume'));
}
await networks.free();
