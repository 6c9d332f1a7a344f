/**
 * What each part of the method is worth: networks that differ from one another in one thing, trained from random weights
 * for equally many steps on phantoms of wide variety, and tried on the same unseen phantoms.
 *
 *   node bench/run.js ablation recipes DIR [--steps 4000]
 *
 * writes one recipe each. Then for each NAME `auricle train nudf --recipe DIR/NAME.json -o RUNS/NAME`,
 * `auricle model pack RUNS/NAME/checkpoint --recipe DIR/NAME.json … -o MODELS/NAME` and `node bench/run.js phantomAccuracy
 * --models MODELS --fields NAME --variety wide --first 101 --count 24 --rows ROWS/NAME.jsonl`, and
 *
 *   node bench/run.js ablation table ROWS
 *
 * prints the medians, and in how many scans each is better than the first, `base`.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FieldRecipe, fieldRecipeSchema } from '#main/training/recipe.ts';
import type { AccuracyRow } from './accuracy/strata.ts';

/** The recipe whose network, examples and losses the default model has. */
const LIKE = 'resources/recipes/laa-nudf-128-roof.json';

type Change = (base: FieldRecipe) => FieldRecipe;

const changedNetwork =
  (change: (network: FieldRecipe['network']) => Partial<FieldRecipe['network']>): Change =>
  (base) => ({ ...base, network: { ...base.network, ...change(base.network) } });
const timesAsWide = (factor: number): Change =>
  changedNetwork(({ levels }) => ({
    levels: levels.map(({ pool, channels }) => ({ pool, channels: channels.map((count) => count * factor) })),
  }));

const CHANGES: Readonly<Record<string, Change>> = {
  base: (base) => base,
  'input-64': changedNetwork(() => ({ resolution: 64 })),
  'input-160': changedNetwork(() => ({ resolution: 160 })),
  'half-width': timesAsWide(0.5),
  'one-and-a-half-width': timesAsWide(1.5),
  'no-landmarks': ({ network: { landmarks: _, ...network }, ...base }) => ({ ...base, network }),
  'usual-phantoms': (base) => ({ ...base, variety: 'usual' }),
};

/** The columns of the table: a row's number, its decimals, whether more is better and which tail is shown. */
const COLUMNS = [
  { name: 'dice', decimals: 3, more: true, tail: 0.05 },
  { name: 'wallAverageMm', decimals: 2, more: false, tail: 0.95 },
  { name: 'ostiumCentreMm', decimals: 1, more: false, tail: 0.95 },
  { name: 'planeAngleDegrees', decimals: 1, more: false, tail: 0.95 },
  { name: 'circumflexErrorMm', decimals: 1, more: false, tail: 0.95 },
] as const;

async function writeRecipes(folder: string, steps: number): Promise<void> {
  const { startFrom: _, ...like } = fieldRecipeSchema.parse(JSON.parse(await readFile(LIKE, 'utf8')));
  const optimizer = { ...like.optimizer, learningRate: 0.001, warmupSteps: 200 };
  for (const [id, change] of Object.entries(CHANGES)) {
    const recipe = change({ ...like, seed: 41, steps, optimizer, checkpointEverySteps: steps });
    await writeFile(join(folder, `${id}.json`), `${JSON.stringify({ ...recipe, id }, null, 2)}\n`);
  }
}

function quantile(list: readonly number[], share: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low]! + (place - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!);
}

async function printTable(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  const read = async (name: string): Promise<Map<number, AccuracyRow>> => {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n').filter((line) => line !== '');
    // Lines that phantomAccuracy.ts wrote.
    return new Map(lines.map((line) => JSON.parse(line) as AccuracyRow).map((row) => [row.seed, row]));
  };
  const base = await read('base.jsonl');
  const known = Object.keys(CHANGES).map((id) => `${id}.jsonl`);
  const others = files.filter((name) => !known.includes(name)).sort();
  console.log(
    `| | segmented | without handle | ${COLUMNS.map(({ name }) => `${name}, median (tail), better than base`).join(' | ')} |`,
  );
  console.log(`|${' --- |'.repeat(COLUMNS.length + 3)}`);
  for (const name of [...known.filter((known) => files.includes(known)), ...others]) {
    const rows = await read(name);
    const given = [...rows.values()].filter(({ numbers }) => numbers !== undefined);
    const cells = COLUMNS.map((column) => {
      const list = given.map(({ numbers }) => numbers![column.name]!).filter(Number.isFinite);
      if (list.length === 0) return '–';
      const pairs = given.flatMap(({ seed, numbers }) => {
        const [own, its] = [numbers?.[column.name], base.get(seed)?.numbers?.[column.name]];
        return Number.isFinite(own) && Number.isFinite(its) ? [own! - its!] : [];
      });
      const better = pairs.filter((difference) => (column.more ? difference > 0 : difference < 0)).length;
      const shown = [0.5, column.tail].map((share) => quantile(list, share).toFixed(column.decimals));
      return `${shown[0]} (${shown[1]}), ${better} of ${pairs.length}`;
    });
    const withoutHandle = given.filter(({ numbers }) => numbers!.genus === 0).length;
    console.log(
      `| ${name.replace('.jsonl', '')} | ${given.length} of ${rows.size} | ${withoutHandle} | ${cells.join(' | ')} |`,
    );
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string', default: '4000' } },
});
const [what, folder] = positionals;
if (folder === undefined || (what !== 'recipes' && what !== 'table')) {
  throw new RangeError('Usage: node bench/run.js ablation recipes|table DIR [--steps N]');
}
await (what === 'recipes' ? writeRecipes(folder, Number(values.steps)) : printTable(folder));
