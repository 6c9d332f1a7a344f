/**
 * Fits the weights of the confidence (src/main/pipeline/surfaceConfidence.ts, src/main/nudf/region/recognition.ts) to
 * rows of `npm run bench:unfit -- --rows FILE`: logistic regression by Newton's method, slightly drawn to 0. Scans that
 * are cut or stored wrongly are left out: other rules recognise them.
 *
 *   node bench/run.js fitConfidence ROWS…
 */
import { readFileSync } from 'node:fs';
import { borderBlur, logistic } from '../src/main/nudf/region/recognition.ts';
import { isRight, type UnfitRow } from './unfit/outcomes.ts';

const rows = process.argv
  .slice(2)
  .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as UnfitRow)
  .filter(({ kind, evidence }) => evidence && !/cut off|8 bit|8 mm/.test(kind));

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The features of one result: for the surface, and for the region network alone. */
function featuresOf({ evidence }: UnfitRow): { surface: number[]; region: number[] } {
  const { marked, disagreementMm, volumeMl } = evidence!;
  const seen = marked ?? { sureVoxels: 0, unsureVoxels: 0, volumeMl: 0 };
  const logBlur = Math.log(borderBlur(seen));
  const ratio = clamp(volumeMl / Math.max(0.01, seen.volumeMl), 0.05, 20);
  return {
    surface: [1, logBlur, Math.log(clamp(disagreementMm, 0.1, 4)), Math.abs(Math.log(ratio))],
    region: [1, logBlur, Math.log(seen.sureVoxels + 3)],
  };
}

/** Solves a small symmetric system by elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  const m = matrix.map((row, i) => [...row, right[i]!]);
  for (let pivot = 0; pivot < n; pivot++) {
    for (let row = pivot + 1; row < n; row++) {
      const factor = m[row]![pivot]! / m[pivot]![pivot]!;
      for (let column = pivot; column <= n; column++) m[row]![column]! -= factor * m[pivot]![column]!;
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let sum = m[row]![n]!;
    for (let column = row + 1; column < n; column++) sum -= m[row]![column]! * solution[column]!;
    solution[row] = sum / m[row]![row]!;
  }
  return solution;
}

const RIDGE = 0.3;
const ROUNDS = 60;

function fittedWeights(features: readonly number[][], right: readonly boolean[]): number[] {
  const n = features[0]!.length;
  let weights = new Array<number>(n).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    const hessian = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_unused, j) => (i === j && i > 0 ? RIDGE : 0)),
    );
    const gradient = weights.map((weight, i) => (i > 0 ? -RIDGE * weight : 0));
    features.forEach((x, at) => {
      const p = logistic(x.reduce((sum, value, i) => sum + value * weights[i]!, 0));
      for (let i = 0; i < n; i++) {
        gradient[i]! += x[i]! * ((right[at] ? 1 : 0) - p);
        for (let j = 0; j < n; j++) hessian[i]![j]! += x[i]! * x[j]! * (p * (1 - p) + 1e-9);
      }
    });
    const step = solve(hessian, gradient);
    weights = weights.map((weight, i) => weight + step[i]!);
  }
  return weights;
}

const features = rows.map(featuresOf);
const right = rows.map(isRight);
const inWords = (weights: number[]): string => weights.map((weight) => weight.toFixed(2)).join(', ');
console.log(`${rows.length} results, ${right.filter(Boolean).length} right`);
console.log(
  `surface: bias, logBlur, logDisagreement, volumes = ${inWords(
    fittedWeights(
      features.map(({ surface }) => surface),
      right,
    ),
  )}`,
);
console.log(
  `region: bias, logBlur, logSure = ${inWords(
    fittedWeights(
      features.map(({ region }) => region),
      right,
    ),
  )}`,
);
