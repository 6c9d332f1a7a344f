import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { type GemmOperand, type GemmTile, gemmGroups, gemmShader, gemmUniforms } from './gemmShader.ts';
import { chooseSplit, chooseTile, tileName } from './gemmTiles.ts';
import {
  boundShape,
  discard,
  type MatrixRows,
  newTensor,
  registerGpuKernel,
  runProgram,
} from './gpuProgram.ts';
import { sumSplits } from './sumSplits.ts';

/** op(a) · op(b) with op the identity or the transpose: [rows, depth] × [depth, columns]. */
interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** What a product's shader depends on beside its tile; the sizes are uniforms. */
interface ProductKind extends Pick<Product, 'transposeA' | 'transposeB'> {
  /** Whether the rows of a, of b and of the product, as they are stored, are whole vectors. */
  readonly isWideA: boolean;
  readonly isWideB: boolean;
  readonly isWide: boolean;
}

const kindOf = ({ rows, columns, depth, transposeA, transposeB }: Product): ProductKind => ({
  transposeA,
  transposeB,
  isWideA: (transposeA ? rows : depth) % 4 === 0,
  isWideB: (transposeB ? depth : columns) % 4 === 0,
  isWide: columns % 4 === 0,
});

/** What happens to each value of a product before it is stored. */
interface Finish {
  /** Added to each row, [columns], or to each value, [rows, columns]. */
  readonly added: 'nothing' | 'row' | 'matrix';
  readonly relu: boolean;
}

/**
 * An operand stored row-major: `rows` or `depth` values a stored row. Where the four values that are read at once lie side
 * by side and the rows are whole vectors, they are one load.
 * @param rows name of the uniform
 */
function storedOperand(
  name: string,
  transposed: boolean,
  rows: string,
  isWide: boolean,
): { operand: GemmOperand; code: string } {
  const along = transposed ? 'rows' : 'depth';
  const stride = transposed ? rows : 'U.depth';
  const [index, inner] = transposed ? [`k * ${stride} + row`, 'row'] : [`row * ${stride} + k`, 'k'];
  const guard = `if (row >= ${rows} || k >= U.depth) { return vec4f(); }`;
  const values = [0, 1, 2, 3].map((n) => `select(0.0, ${name}[i + ${n}u], ${inner} + ${n}u < ${stride})`);
  return {
    operand: { along, load: (k, row) => `read_${name}(${k}, ${row})` },
    code: `fn read_${name}(k: u32, row: u32) -> vec4f {
  ${guard}
  ${isWide ? `return ${name}[(${index}) / 4u];` : `let i = ${index}; return vec4f(${values.join(', ')});`}
}`,
  };
}

const arrayType = (isWide: boolean): string => (isWide ? 'vec4f' : 'f32');

function productShader(kind: ProductKind, tile: GemmTile, { added, relu }: Finish, uniforms: string): string {
  const a = storedOperand('a', kind.transposeA, 'U.rows', kind.isWideA);
  // The right operand's "rows" are the result's columns: b as stored is [depth, columns], its transpose read by rows.
  const b = storedOperand('b', !kind.transposeB, 'U.columns', kind.isWideB);
  const addition = (column: string, row: string) => {
    const at = added === 'matrix' ? `${row} * U.columns + ` : '';
    return kind.isWide
      ? `addition[(${at}${column}) / 4u]`
      : `vec4f(${[0, 1, 2, 3].map((n) => `addition[${at}min(${column} + ${n}u, U.columns - 1u)]`).join(', ')})`;
  };
  return gemmShader({
    tile,
    rows: 'U.rows',
    columns: 'U.columns',
    depth: 'U.depth',
    isWide: kind.isWide,
    declarations: `${uniforms}
@group(0) @binding(0) var<storage, read> a: array<${arrayType(kind.isWideA)}>;
@group(0) @binding(1) var<storage, read> b: array<${arrayType(kind.isWideB)}>;
${added === 'nothing' ? '' : `@group(0) @binding(2) var<storage, read> addition: array<${arrayType(kind.isWide)}>;`}
@group(0) @binding(${added === 'nothing' ? 2 : 3}) var<storage, read_write> product: array<${arrayType(kind.isWide)}>;
${a.code}
${b.code}`,
    left: a.operand,
    right: b.operand,
    result: 'product',
    finish: (value, column, row) => {
      const sum = added === 'nothing' ? value : `${value} + ${addition(column, row)}`;
      return relu ? `max(${sum}, vec4f())` : sum;
    },
  });
}

export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Added to the product: [columns] to each row, [rows, columns] to each value. */
  readonly added?: tf.TensorInfo | undefined;
  readonly relu?: boolean;
  readonly tile?: GemmTile;
}

type Matrix = tf.TensorInfo | MatrixRows;

function productOf(a: Matrix, b: Matrix, { transposeA = false, transposeB = false }: MatMulOptions): Product {
  const [aRows, aColumns] = boundShape(a).slice(-2) as [number, number];
  const [bRows, bColumns] = boundShape(b).slice(-2) as [number, number];
  return {
    rows: transposeA ? aColumns : aRows,
    depth: transposeA ? aRows : aColumns,
    columns: transposeB ? bRows : bColumns,
    transposeA,
    transposeB,
  };
}

/**
 * result = op(a)·op(b), then what is added, then ReLU where asked. A short, deep product is split over its depth and
 * added up in a fixed order.
 */
export function gpuMatMulInto(
  backend: WebGPUBackend,
  a: Matrix,
  b: Matrix,
  result: Matrix,
  options: MatMulOptions = {},
): void {
  const p = productOf(a, b, options);
  const { added, relu = false } = options;
  const finish: Finish = {
    added: added === undefined ? 'nothing' : added.shape.length === 1 ? 'row' : 'matrix',
    relu,
  };
  const kind = kindOf(p);
  const size = p.rows * p.columns;
  const isDeep = (p.depth >= 2048 && size <= 2 ** 22) || (p.depth >= 1024 && size <= 2 ** 19);
  const canSplit = !added && !relu && isDeep;
  const plan = canSplit
    ? chooseSplit(p.rows, p.columns, p.depth)
    : { tile: options.tile ?? chooseTile(p.rows, p.columns), splitDepth: 0 };
  const tile = options.tile ?? plan.tile;
  const splitDepth = plan.splitDepth || Math.ceil(p.depth / tile.depth) * tile.depth;
  const splits = Math.ceil(p.depth / splitDepth);
  const partials = splits > 1 ? newTensor(backend, [splits, p.rows, p.columns]) : undefined;
  runProgram(
    backend,
    {
      key: `matMul ${Object.values(kind)} ${tileName(tile)} ${Object.values(finish)}`,
      code: (uniforms) => productShader(kind, tile, finish, uniforms),
    },
    [a, b, ...(added ? [added] : []), partials ?? result],
    gemmGroups(p.rows, p.columns, p.depth, splitDepth, tile),
    { rows: p.rows, columns: p.columns, depth: p.depth, ...gemmUniforms(p.rows, splitDepth, tile) },
  );
  if (partials) {
    sumSplits(backend, partials, splits, p.rows * p.columns, result);
    discard(backend, partials);
  }
}

/** As {@link gpuMatMulInto}, into a new tensor. */
export function gpuMatMul(
  backend: WebGPUBackend,
  a: Matrix,
  b: Matrix,
  options: MatMulOptions = {},
): tf.TensorInfo {
  const { rows, columns } = productOf(a, b, options);
  const result = newTensor(backend, [rows, columns]);
  gpuMatMulInto(backend, a, b, result, options);
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
