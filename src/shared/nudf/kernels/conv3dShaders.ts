import { type GemmOperand, type GemmTile, gemmShader } from './gemmShader.ts';

/** A 3³ "same" convolution of stride 1: [batch, depth, height, width, input] → […, output]. */
export interface Conv3dShape {
  readonly batch: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly input: number;
  readonly output: number;
}

const TAPS = 27;

/** Voxels of all images of a batch. */
export const voxelsOf = (s: Conv3dShape): number => s.batch * s.depth * s.height * s.width;

const type = (channels: number): string => (channels % 4 === 0 ? 'vec4f' : 'f32');

/** How far tap t's voxel lies behind; `width` and `plane` (voxels of a plane) are WGSL of u32. */
const offsets = (width: string, plane: string): string => `
fn tapOffset(t: u32) -> i32 {
  let i = i32(t);
  return (i / 9 - 1) * i32(${plane}) + ((i / 3) % 3 - 1) * i32(${width}) + (i % 3 - 1);
}`;

/** Bit t of `taps(voxel)` says whether the neighbour under tap t = 9·(dz+1) + 3·(dy+1) + (dx+1) lies in the image. */
const TAP_MASK = `
fn taps(voxel: u32) -> u32 {
  if (voxel >= U.rows) { return 0u; }
  let lines = voxel / U.width;
  let planes = lines / U.height;
  let x = voxel - lines * U.width;
  let y = lines - planes * U.height;
  let z = planes % U.depth;
  let line = 2u | select(0u, 1u, x > 0u) | select(0u, 4u, x + 1u < U.width);
  let plane = (line << 3u) | select(0u, line, y > 0u) | select(0u, line << 6u, y + 1u < U.height);
  return (plane << 9u) | select(0u, plane, z > 0u) | select(0u, plane << 18u, z + 1u < U.depth);
}`;

/** Reads four columns of a row-major matrix `name` of `rows` × U.columns. */
const matrixRows = (name: string, rows: string, isWide: boolean): string =>
  isWide
    ? `fn read_${name}(row: u32, column: u32) -> vec4f {
  if (row >= ${rows} || column >= U.columns) { return vec4f(); }
  return ${name}[(row * U.columns + column) / 4u];
}`
    : `fn read_${name}(row: u32, column: u32) -> vec4f {
  if (row >= ${rows}) { return vec4f(); }
  let i = row * U.columns + column;
  return vec4f(${[0, 1, 2, 3].map((n) => `select(0.0, ${name}[i + ${n}u], column + ${n}u < U.columns)`).join(', ')});
}`;

/** What the shader of a convolution depends on beside its tile; the sizes are uniforms. */
export interface Conv3dKind {
  /** Whether the channels of a voxel of the image, and of the result, are whole vectors. */
  readonly isWideInput: boolean;
  readonly isWide: boolean;
  readonly bias: boolean;
  readonly relu: boolean;
}

/** What the shader of a convolution reads as `U`, beside how the product is divided. */
export const conv3dUniforms = (s: Conv3dShape) => ({
  inverseInput: Float32Array.of(1 / s.input, 0, 0, 0),
  rows: voxelsOf(s),
  columns: s.output,
  input: s.input,
  /** The product's depth. */
  product: TAPS * s.input,
  depth: s.depth,
  height: s.height,
  width: s.width,
});

/** x(k, voxel): the image gathered at tap k / input, channel k % input. */
function gatherOperand(isWideInput: boolean): { operand: GemmOperand; code: string } {
  // The division by the input's channels, exact: k is below 27 · input, so far from where rounding would tell.
  const tapOf = 'fn tapOf(k: u32) -> u32 { return u32((f32(k) + 0.5) * U.inverseInput.x); }';
  if (isWideInput) {
    return {
      code: `
${tapOf}
fn gather(k: u32, voxel: u32, mask: u32) -> vec4f {
  let t = tapOf(k);
  if (k >= U.product || ((mask >> (t & 31u)) & 1u) == 0u) { return vec4f(); }
  return x[(u32(i32(voxel) + tapOffset(t)) * U.input + k - t * U.input) / 4u];
}`,
      operand: {
        along: 'depth',
        rowState: (row, suffix) => `let mask${suffix} = taps(${row});`,
        load: (k, row, suffix) => `gather(${k}, ${row}, mask${suffix})`,
      },
    };
  }
  return {
    // A loop, for software compiles each reading of four written out values for a tenth of a second.
    code: `
${tapOf}
fn gather(k: u32, voxel: u32, masks: vec4u) -> vec4f {
  if (k >= U.product) { return vec4f(); }
  let t = tapOf(k);
  let at = u32(i32(voxel) + tapOffset(t)) * U.input + k - t * U.input;
  var value = vec4f();
  for (var n = 0u; n < 4u; n++) {
    if (((masks[n] >> t) & 1u) == 1u) { value[n] = x[at + n * U.input]; }
  }
  return value;
}`,
    operand: {
      along: 'rows',
      rowState: (row, suffix) =>
        `let masks${suffix} = vec4u(taps(${row}), taps(${row} + 1u), taps(${row} + 2u), taps(${row} + 3u));`,
      load: (k, row, suffix) => `gather(${k}, ${row}, masks${suffix})`,
    },
  };
}

/** y = conv(x, filter) (+ bias) (then ReLU), as the product [voxels, 27·input] × [27·input, output]. */
export function conv3dShader(kind: Conv3dKind, tile: GemmTile, uniforms: string): string {
  const { isWideInput, isWide, bias, relu } = kind;
  const image = gatherOperand(isWideInput);
  const rowType = isWide ? 'vec4f' : 'f32';
  return gemmShader({
    tile,
    rows: 'U.rows',
    columns: 'U.columns',
    depth: 'U.product',
    isWide,
    declarations: `${uniforms}
@group(0) @binding(0) var<storage, read> x: array<${isWideInput ? 'vec4f' : 'f32'}>;
@group(0) @binding(1) var<storage, read> filterWeights: array<${rowType}>;
${bias ? `@group(0) @binding(2) var<storage, read> bias: array<${rowType}>;\n${matrixRows('bias', '1u', isWide)}` : ''}
@group(0) @binding(${bias ? 3 : 2}) var<storage, read_write> y: array<${rowType}>;
${offsets('U.width', 'U.width * U.height')}${TAP_MASK}${image.code}
${matrixRows('filterWeights', 'U.product', isWide)}`,
    left: image.operand,
    right: { along: 'rows', load: (k, column) => `read_filterWeights(${k}, ${column})` },
    result: 'y',
    finish: (value, column) => {
      // Where the depth is split, one of the splits brings the bias.
      const biased = bias ? `${value} + read_bias(0u, ${column}) * select(0.0, 1.0, split == 0u)` : value;
      return relu ? `max(${biased}, vec4f())` : biased;
    },
  });
}

/**
 * Gradient of the filter: [27·input, voxels] × [voxels, output], the voxels split over workgroups. The innermost loop
 * walks over voxels and divides by the sizes of the image: all but the number of images are in the text.
 */
export function conv3dFilterShader(s: Conv3dShape, tile: GemmTile, uniforms: string): string {
  // Whether a voxel's neighbour under a tap (0 … 2 along each axis) lies in the image: one below 0 is the largest number.
  const inside = `
fn isInside(voxel: u32, tap: vec3u) -> bool {
  let lines = voxel / ${s.width}u;
  let planes = lines / ${s.height}u;
  return voxel - lines * ${s.width}u + tap.x - 1u < ${s.width}u
    && lines - planes * ${s.height}u + tap.y - 1u < ${s.height}u
    && planes % ${s.depth}u + tap.z - 1u < ${s.depth}u;
}`;
  const left: { operand: GemmOperand; code: string } =
    s.input % 4 === 0
      ? {
          code: `
fn gather(voxel: u32, row: u32, tap: vec3u, shift: i32) -> vec4f {
  if (voxel >= U.voxels || row >= U.rows || !isInside(voxel, tap)) { return vec4f(); }
  return x[u32(i32(voxel * (U.input / 4u)) + shift)];
}`,
          operand: {
            along: 'rows',
            rowState: (row, suffix) => `let t${suffix} = ${row} / U.input;
    let tap${suffix} = vec3u(t${suffix} % 3u, (t${suffix} / 3u) % 3u, t${suffix} / 9u);
    let shift${suffix} = tapOffset(t${suffix}) * i32(U.input / 4u) + i32((${row} % U.input) / 4u);`,
            load: (k, row, suffix) => `gather(${k}, ${row}, tap${suffix}, shift${suffix})`,
          },
        }
      : {
          code: `
fn gatherOne(voxel: u32, row: u32) -> f32 {
  let t = row / U.input;
  if (row >= U.rows || !isInside(voxel, vec3u(t % 3u, (t / 3u) % 3u, t / 9u))) { return 0.0; }
  return x[u32((i32(voxel) + tapOffset(t)) * i32(U.input) + i32(row % U.input))];
}
fn gather(voxel: u32, row: u32) -> vec4f {
  if (voxel >= U.voxels) { return vec4f(); }
  var value = vec4f();
  for (var n = 0u; n < 4u; n++) { value[n] = gatherOne(voxel, row + n); }
  return value;
}`,
          operand: { along: 'rows', load: (k, row) => `gather(${k}, ${row})` },
        };
  return gemmShader({
    tile,
    rows: 'U.rows',
    columns: 'U.columns',
    depth: 'U.voxels',
    isWide: s.output % 4 === 0,
    declarations: `${uniforms}
@group(0) @binding(0) var<storage, read> x: array<${type(s.input)}>;
@group(0) @binding(1) var<storage, read> dy: array<${type(s.output)}>;
@group(0) @binding(2) var<storage, read_write> partials: array<${type(s.output)}>;
${offsets(`${s.width}u`, `${s.height * s.width}u`)}${inside}${left.code}
${matrixRows('dy', 'U.voxels', s.output % 4 === 0)}`,
    left: left.operand,
    right: { along: 'rows', load: (k, column) => `read_dy(${k}, ${column})` },
    result: 'partials',
  });
}

/** flipped[t][o][i] = filter[26 − t][i][o]: with it the gradient of the image is a convolution of dy. */
export const flipFilterShader = (uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> original: array<f32>;
@group(0) @binding(1) var<storage, read_write> flipped: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${TAPS}u * U.input * U.output) { return; }
  let i = n % U.input;
  let o = (n / U.input) % U.output;
  let t = n / (U.input * U.output);
  flipped[n] = original[((26u - t) * U.input + i) * U.output + o];
}`;
