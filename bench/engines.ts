import process from 'node:process';
import { parseArgs } from 'node:util';
import { createOnnxFieldEngine } from '#main/nudf/engine/onnxEngine.ts';
import { createOnnxRegionEngine } from '#main/nudf/engine/onnxRegionEngine.ts';
import type { FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { FIELD_128, REGION_64 } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import { createRandom } from '#shared/random/random.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';

/**
 * Time and memory of the ONNX engine with random weights in the bundled layouts:
 * `node bench/run.js engines [--threads 2] [--repeats 3]`
 */
const { values } = parseArgs({
  options: { threads: { type: 'string' }, repeats: { type: 'string', default: '3' } },
});
const options = withoutUndefined({
  threads: values.threads === undefined ? undefined : Number(values.threads),
});
const repeats = Number(values.repeats);
const POINTS = 100_000;

async function timed<T>(label: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const elapsedMs = Math.round(performance.now() - start);
  const memoryMb = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${label.padEnd(44)}${elapsedMs} ms   ${Math.round((user + system) / 1e3)} ms of processor   ${memoryMb} MB resident`,
  );
  return result;
}

const random = createRandom(1);
const blockHu = (resolution: number): Float32Array =>
  Float32Array.from({ length: resolution ** 3 }, () => random.uniform(-1000, 1000));

/** Anywhere in the cube: the worst case for the cache. */
const scattered = Float32Array.from({ length: 3 * POINTS }, () => random.uniform(-1, 1));
/** Along a surface in lattice order, as adaptive evaluation asks. */
const surface = Float32Array.from({ length: 3 * POINTS }, (_, index) => {
  const [point, axis] = [Math.floor(index / 3), index % 3];
  const [u, v] = [point % 316, Math.floor(point / 316)];
  return axis === 0 ? u / 316 - 0.5 : axis === 1 ? v / 316 - 0.5 : 0.2 * Math.sin(u / 50) * Math.cos(v / 50);
});

async function benchField(engine: FieldEngine): Promise<void> {
  console.log(engine.device);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const cropHu = blockHu(FIELD_128.resolution);
    const crop = await timed('encode 128³', () => engine.encode(cropHu));
    await timed(`evaluate ${POINTS} points along a surface`, () => crop.evaluate(surface));
    await timed(`evaluate ${POINTS} points anywhere`, () => crop.evaluate(scattered));
    crop.free();
  }
  await engine.free();
}

const fieldWeights = initializeWeights(FIELD_128, 1);
await benchField(
  await timed('field engine ready', () => createOnnxFieldEngine(FIELD_128, fieldWeights, options)),
);
const region = await timed('region engine ready', () =>
  createOnnxRegionEngine(REGION_64, initializeWeights(REGION_64, 1), options),
);
const wholeHu = blockHu(REGION_64.resolution);
for (let repeat = 0; repeat < repeats; repeat++) await timed('detect 64³', () => region.detect(wholeHu));
await region.free();
console.log(`peak ${Math.round(process.resourceUsage().maxRSS / 1e3)} MB`);
