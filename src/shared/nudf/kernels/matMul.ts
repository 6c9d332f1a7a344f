import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { type GemmOperand, type GemmTile, gemmGroups, gemmShader } from './gemmShader.ts';
import { chooseSplit, chooseTile, tileName } from './gemmTiles.ts';
import { discard, newTensor, registerGpuKernel, runProgram } from './gpuProgram.ts';
import { sumSplits } from './sumSplits.ts';

/** op(a) · op(b) with op the identity or the transpose: [rows, depth] × [depth, columns]. */
interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * An operand stored row-major: `stride` values a stored row. Where the four values that are read at once lie side by
 * side and the rows are whole vectors, they are one load.
 */
function storedOperand(
  name: string,
  transposed: boolean,
  rows: number,
  depth: number,
): { operand: GemmOperand; code: string } {
  const along = transposed ? 'rows' : 'depth';
  const stride = transposed ? rows : depth;
  const [index, inner] = transposed ? [`k * ${stride}u + row`, 'row'] : [`row * ${stride}u + k`, 'k'];
  const guard = `if (row >= ${rows}u || k >= ${depth}u) { return vec4f(); }`;
  const values = [0, 1, 2, 3].map((n) => `select(0.0, ${name}[i + ${n}u], ${inner} + ${n}u < ${stride}u)`);
  return {
    operand: { along, load: (k, row) => `read_${name}(${k}, ${row})` },
    code: `fn read_${name}(k: u32, row: u32) -> vec4f {
  ${guard}
  ${stride % 4 === 0 ? `return ${name}[(${index}) / 4u];` : `let i = ${index}; return vec4f(${values.join(', ')});`}
}`,
  };
}

const arrayType = (stride: number): string => (stride % 4 === 0 ? 'vec4f' : 'f32');

function productShader(
  p: Product,
  tile: GemmTile,
  splitDepth: number,
  options: { bias: boolean; relu: boolean },
): string {
  const a = storedOperand('a', p.transposeA, p.rows, p.depth);
  // The right operand's "rows" are the result's columns: b as stored is [depth, columns], its transpose read by rows.
  const b = storedOperand('b', !p.transposeB, p.columns, p.depth);
  const wide = p.columns % 4 === 0;
  const bias = (column: string) =>
    wide
      ? `bias[${column} / 4u]`
      : `vec4f(${[0, 1, 2, 3].map((n) => `bias[min(${column} + ${n}u, ${p.columns - 1}u)]`).join(', ')})`;
  return gemmShader({
    tile,
    rows: p.rows,
    columns: p.columns,
    depth: p.depth,
    splitDepth,
    declarations: `
@group(0) @binding(0) var<storage, read> a: array<${arrayType(p.transposeA ? p.rows : p.depth)}>;
@group(0) @binding(1) var<storage, read> b: array<${arrayType(p.transposeB ? p.depth : p.columns)}>;
${options.bias ? `@group(0) @binding(2) var<storage, read> bias: array<${arrayType(p.columns)}>;` : ''}
@group(0) @binding(${options.bias ? 3 : 2}) var<storage, read_write> product: array<${arrayType(p.columns)}>;
${a.code}
${b.code}`,
    left: a.operand,
    right: b.operand,
    result: 'product',
    finish: (value, column) => {
      const biased = options.bias ? `${value} + ${bias(column)}` : value;
      return options.relu ? `max(${biased}, vec4f())` : biased;
    },
  });
}

/**
 * op(a)·op(b) (+ bias) (then ReLU) of two matrices. A short, deep product is split over its depth and added up in a
 * fixed order.
 */
export function gpuMatMul(
  backend: WebGPUBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  options: {
    transposeA?: boolean;
    transposeB?: boolean;
    bias?: tf.TensorInfo | undefined;
    relu?: boolean;
    tile?: GemmTile;
  } = {},
): tf.TensorInfo {
  const { transposeA = false, transposeB = false, bias, relu = false } = options;
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const p: Product = {
    rows: transposeA ? aColumns : aRows,
    depth: transposeA ? aRows : aColumns,
    columns: transposeB ? bRows : bColumns,
    transposeA,
    transposeB,
  };
  const canSplit = !bias && !relu && p.depth >= 2048 && p.rows * p.columns <= 2 ** 22;
  const plan = canSplit
    ? chooseSplit(p.rows, p.columns, p.depth)
    : { tile: options.tile ?? chooseTile(p.rows, p.columns), splitDepth: 0 };
  const tile = options.tile ?? plan.tile;
  const splitDepth = plan.splitDepth || Math.ceil(p.depth / tile.depth) * tile.depth;
  const splits = Math.ceil(p.depth / splitDepth);
  const result = newTensor(backend, [p.rows, p.columns]);
  const partials = splits > 1 ? newTensor(backend, [splits, p.rows, p.columns]) : result;
  runProgram(
    backend,
    {
      key: `matMul ${Object.values(p)} ${tileName(tile)} ${splitDepth} ${bias !== undefined} ${relu}`,
      code: () => productShader(p, tile, splitDepth, { bias: bias !== undefined, relu }),
    },
    bias ? [a, b, bias, partials] : [a, b, partials],
    gemmGroups(p.rows, p.columns, p.depth, splitDepth, tile),
  );
  if (splits > 1) {
    sumSplits(backend, partials, splits, p.rows * p.columns, result);
    discard(backend, partials);
  }
  return result;
}

/** Products with fewer multiplications stay with the stock kernel, which has variants for small sizes. */
const SMALL_PRODUCT = 2 ** 20;

/** Replaces TensorFlow.js' BatchMatMul where it is one large product of two matrices. */
export function registerMatMul(): void {
  const stock = tf.getKernel('BatchMatMul', 'webgpu').kernelFunc;
  registerGpuKernel('BatchMatMul', (inputs, attrs, backend) => {
    const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
    const single = [a, b].every((t) => tf.util.sizeFromShape(t.shape.slice(0, -2)) === 1);
    const columns = b.shape.at(transposeB ? -2 : -1)!;
    if (!single || tf.util.sizeFromShape(a.shape) * columns < SMALL_PRODUCT) {
      return stock({ inputs, attrs: attrs as tf.NamedAttrMap, backend });
    }
    const product = gpuMatMul(backend, a, b, { transposeA, transposeB });
    const leading = a.shape.length > b.shape.length ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
    return { ...product, shape: [...leading, ...product.shape] };
  });
}
