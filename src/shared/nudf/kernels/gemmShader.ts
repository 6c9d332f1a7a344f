import { WORKGROUP_ROW } from './gpuProgram.ts';

/** How a workgroup cuts a matrix product: rows × columns of the result in steps of `depth`, rows × columns a thread. */
export interface GemmTile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly threadRows: 4 | 8;
  readonly threadColumns: 4 | 8;
}

/**
 * One operand of a product, given by how four of its values are read at once: four neighbouring rows (columns for the
 * right operand) at one depth, or four neighbouring depths of one row. `row` and `k` are WGSL names of u32 values; the
 * expression must give zeros beyond the operand's bounds.
 */
export interface GemmOperand {
  readonly along: 'rows' | 'depth';
  /** Statements that run once for a row, defining names that end in `suffix`. */
  readonly rowState?: (row: string, suffix: string) => string;
  readonly load: (k: string, row: string, suffix: string) => string;
}

export interface GemmShaderOptions {
  readonly tile: GemmTile;
  /** WGSL expressions of u32: `U.rows`, or a number. */
  readonly rows: string;
  readonly columns: string;
  readonly depth: string;
  /** Whether the result's rows are whole vectors: columns % 4 == 0. */
  readonly isWide: boolean;
  /** Buffers and functions that the operands use, and the uniforms: {@link gemmUniforms} among them. */
  readonly declarations: string;
  readonly left: GemmOperand;
  readonly right: GemmOperand;
  /** Name of the result's buffer, array<vec4f> where `isWide`, else array<f32>; splits lie one after the other. */
  readonly result: string;
  /** Expression of the vec4f stored for `value` in `row` at columns `column` .. column + 3. */
  readonly finish?: (value: string, column: string, row: string) => string;
}

/** Threads of a workgroup. */
export const gemmThreads = (tile: GemmTile): number =>
  (tile.rows / tile.threadRows) * (tile.columns / tile.threadColumns);

/** Dispatch for a product: tiles of rows over x and z, tiles of columns in y, splits in z beyond the row tiles. */
export function gemmGroups(
  rows: number,
  columns: number,
  depth: number,
  splitDepth: number,
  tile: GemmTile,
): [number, number, number] {
  const rowTiles = Math.ceil(rows / tile.rows);
  const planes = Math.ceil(rowTiles / WORKGROUP_ROW);
  return [
    Math.min(rowTiles, WORKGROUP_ROW),
    Math.ceil(columns / tile.columns),
    planes * Math.ceil(depth / splitDepth),
  ];
}

/**
 * How a product is divided among workgroups: planes of row tiles, and the depth that one of them takes, a multiple of
 * tile.depth. Its sizes need not be in the text: barriers keep the loop over the depth from being unrolled, and rows and
 * columns only bound what is read and stored.
 */
export const gemmUniforms = (rows: number, splitDepth: number, tile: GemmTile) => ({
  planes: Math.ceil(Math.ceil(rows / tile.rows) / WORKGROUP_ROW),
  splitDepth,
});

const count = (n: number): number[] => Array.from({ length: n }, (_, index) => index);

/** Code that stages one operand: registers first, so that the next tile is on its way while this one is multiplied. */
function stage(
  operand: GemmOperand,
  name: string,
  size: number,
  depth: number,
  threads: number,
  origin: string,
) {
  const alongRows = operand.along === 'rows';
  const groups = size / 4;
  const units = alongRows ? groups * depth : groups * (depth / 4);
  const slots = count(Math.ceil(units / threads));
  const parts = alongRows ? [0] : [0, 1, 2, 3];
  const guard = (slot: number, body: string) =>
    units % threads && slot === slots.length - 1
      ? `if (${name}i${slot} < ${units}u) { ${body} }`
      : `{ ${body} }`;
  // Where a round of all threads ends with a whole row of groups, all units of a thread lie in the same rows.
  const isSameRow = alongRows && threads % groups === 0;
  const suffixOf = (slot: number, part: number) => `${name}${slot}_${part}`;
  const stateOf = (slot: number, part: number) => suffixOf(isSameRow ? 0 : slot, part);
  const setup = slots
    .map((slot) => {
      const unit = `let ${name}i${slot} = lid + ${slot * threads}u;`;
      const place = alongRows
        ? `let ${name}g${slot} = ${name}i${slot} % ${groups}u; let ${name}k${slot} = ${name}i${slot} / ${groups}u;`
        : `let ${name}g${slot} = ${name}i${slot} / ${depth / 4}u; let ${name}k${slot} = (${name}i${slot} % ${depth / 4}u) * 4u;`;
      const rows = parts.map((part) => {
        const suffix = stateOf(slot, part);
        const state = `let row${suffix} = ${origin} + ${name}g${slot} * 4u + ${part}u;
          ${operand.rowState?.(`row${suffix}`, suffix) ?? ''}`;
        return `${suffix === suffixOf(slot, part) ? state : ''}
          var next${suffixOf(slot, part)} = vec4f();`;
      });
      return `${unit}\n${place}\n${rows.join('\n')}`;
    })
    .join('\n');
  const load = (k: string) =>
    slots
      .map((slot) =>
        guard(
          slot,
          `let kk = ${k} + ${name}k${slot}; ${parts
            .map((part) => {
              const state = stateOf(slot, part);
              return `next${suffixOf(slot, part)} = ${operand.load('kk', `row${state}`, state)};`;
            })
            .join(' ')}`,
        ),
      )
      .join('\n');
  const store = slots
    .map((slot) => {
      const at = (k: number) => `tile${name}[${name}k${slot} + ${k}u][${name}g${slot}]`;
      const next = (part: number) => `next${suffixOf(slot, part)}`;
      const body = alongRows
        ? `${at(0)} = ${next(0)};`
        : ['x', 'y', 'z', 'w']
            .map((lane, k) => `${at(k)} = vec4f(${parts.map((part) => `${next(part)}.${lane}`).join(', ')});`)
            .join(' ');
      return guard(slot, body);
    })
    .join('\n');
  return { setup, load, store };
}

/**
 * Where a thread's values lie in a tile, tx across and ty down. 32 threads that run together take 8 across and 4 down, in
 * squares of 2 × 2, which read the fewest values of both operands; tiles too small for that go row by row.
 */
const threadPlace = (across: number, down: number): string =>
  across % 8 === 0 && down % 4 === 0
    ? `let lane = lid % 32u;
  let block = lid / 32u;
  let tx = (block % ${across / 8}u) * 8u + (lane / 8u) * 2u + lane % 2u;
  let ty = (block / ${across / 8}u) * 4u + (lane / 2u) % 4u;`
    : `let tx = lid % ${across}u;
  let ty = lid / ${across}u;`;

/** WGSL of a tiled matrix product, fp32, both operands staged in workgroup memory. */
export function gemmShader(options: GemmShaderOptions): string {
  const { tile, rows, columns, depth, isWide } = options;
  const threads = gemmThreads(tile);
  const across = tile.columns / tile.threadColumns;
  const down = tile.rows / tile.threadRows;
  const rowGroups = count(tile.threadRows / 4);
  const columnGroups = count(tile.threadColumns / 4);
  const a = stage(options.left, 'A', tile.rows, tile.depth, threads, 'rowOrigin');
  const b = stage(options.right, 'B', tile.columns, tile.depth, threads, 'columnOrigin');
  const lanes = ['x', 'y', 'z', 'w'];
  const sum = (i: number, lane: number, j: number) => `sum${i * 4 + lane}_${j}`;
  const each = (body: (i: number, lane: number, j: number) => string) =>
    rowGroups
      .map((i) =>
        count(4)
          .map((lane) => columnGroups.map((j) => body(i, lane, j)).join(' '))
          .join('\n'),
      )
      .join('\n');
  const finish = options.finish ?? ((value: string) => value);
  const storeOne = (i: number, lane: number, j: number) => {
    const value = finish(sum(i, lane, j), `column${j}`, 'row');
    if (isWide) {
      return `if (column${j} < ${columns}) { ${options.result}[(start + column${j}) / 4u] = ${value}; }`;
    }
    return `{ let value = ${value}; ${lanes
      .map(
        (l, n) =>
          `if (column${j} + ${n}u < ${columns}) { ${options.result}[start + column${j} + ${n}u] = value.${l}; }`,
      )
      .join(' ')} }`;
  };
  return `${options.declarations}
var<workgroup> tileA: array<array<vec4f, ${tile.rows / 4 + 1}>, ${tile.depth}>;
var<workgroup> tileB: array<array<vec4f, ${tile.columns / 4}>, ${tile.depth}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let split = wg.z / U.planes;
  let rowOrigin = (wg.x + (wg.z % U.planes) * ${WORKGROUP_ROW}u) * ${tile.rows}u;
  let columnOrigin = wg.y * ${tile.columns}u;
  let begin = split * U.splitDepth;
  let end = min(begin + U.splitDepth, ${depth});
  ${threadPlace(across, down)}
  ${a.setup}
  ${b.setup}
  ${each((i, lane, j) => `var ${sum(i, lane, j)} = vec4f();`)}
  ${a.load('begin')}
  ${b.load('begin')}
  for (var k0 = begin; k0 < end; k0 += ${tile.depth}u) {
    ${a.store}
    ${b.store}
    workgroupBarrier();
    if (k0 + ${tile.depth}u < end) {
      let ahead = k0 + ${tile.depth}u;
      ${a.load('ahead')}
      ${b.load('ahead')}
    }
    for (var k = 0u; k < ${tile.depth}u; k++) {
      ${rowGroups.map((i) => `let a${i} = tileA[k][ty + ${i * down}u];`).join(' ')}
      ${columnGroups.map((j) => `let b${j} = tileB[k][tx + ${j * across}u];`).join(' ')}
      ${each((i, lane, j) => `${sum(i, lane, j)} = fma(vec4f(a${i}.${lanes[lane]}), b${j}, ${sum(i, lane, j)});`)}
    }
    workgroupBarrier();
  }
  ${columnGroups.map((j) => `let column${j} = columnOrigin + (tx + ${j * across}u) * 4u;`).join(' ')}
  ${rowGroups
    .map((i) =>
      count(4)
        .map(
          (lane) =>
            `{ let row = rowOrigin + (ty + ${i * down}u) * 4u + ${lane}u; if (row < ${rows}) { let start = (split * ${rows} + row) * ${columns}; ${columnGroups.map((j) => storeOne(i, lane, j)).join(' ')} } }`,
        )
        .join('\n'),
    )
    .join('\n')}
}`;
}
