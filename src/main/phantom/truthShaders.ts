import { interpreterWgsl, NOISE_WGSL } from './sceneWgsl.ts';
import {
  CAP,
  DISC_RADIUS_VOXELS,
  GRADIENT_STEP_MM,
  NEWTON_STEPS,
  ON_SURFACE_MM,
  STEEPEST,
  SURFEL_CAPACITY,
  SURFELS_PER_BLOCK,
  TETRAHEDRON,
  WALL,
} from './surfels.ts';
import { DRAWS, NO_SURFACE_MM } from './truthField.ts';

/**
 * surfels.ts and truthField.ts in WGSL. Points are relative to the cube's centre, in LPS mm. Surfels are compacted by
 * count, prefix sum and scatter: their order does not depend on how the device schedules its threads.
 */
export const SCAN_GROUP = 256;

/** Uniform of a crop's truth, in the words of {@link packTruthSettings}. */
const TRUTH_WGSL = /* wgsl */ `
struct Truth {
  centre: vec3f, halfEdge: f32,
  ostium: vec3f, voxelMm: f32,
  normal: vec3f, firstMm: f32,
  instructions: u32, bodyRegister: u32, resolution: u32, unused0: u32,
}
@group(0) @binding(0) var<uniform> truth: Truth;
@group(0) @binding(1) var<storage, read> code: array<vec4u>;
@group(0) @binding(2) var<storage, read> params: array<f32>;
`;

const bodyWgsl = (registerFile: number): string => /* wgsl */ `
${TRUTH_WGSL}
${NOISE_WGSL}
${interpreterWgsl(registerFile)}
/**
 * The body's gradient and, last, its value; the value alone where it is \`limit\` or more. The tape is called from one
 * place only: compilers inline the whole interpreter at each.
 */
fn bodyAt(p: vec3f, limit: f32) -> vec4f {
  var value = 0.0;
  var sum = vec3f(0.0);
  for (var corner = 0u; corner < 5u; corner++) {
    var e = vec3f(0.0);
    if (corner == 1u) { e = vec3f(${TETRAHEDRON[0].join(', ')}); }
    if (corner == 2u) { e = vec3f(${TETRAHEDRON[1].join(', ')}); }
    if (corner == 3u) { e = vec3f(${TETRAHEDRON[2].join(', ')}); }
    if (corner == 4u) { e = vec3f(${TETRAHEDRON[3].join(', ')}); }
    runTape(p + e * ${GRADIENT_STEP_MM} + truth.centre, 0u, truth.instructions, 1.0);
    let f = registers[truth.bodyRegister];
    if (corner == 0u) {
      value = f;
      if (abs(f) >= limit) { break; }
    }
    sum += e * f;
  }
  return vec4f(sum / (4.0 * ${GRADIENT_STEP_MM}), value);
}
/** Height above the ostium plane, into the appendage. */
fn above(p: vec3f) -> f32 {
  return dot(p - truth.ostium, truth.normal);
}
`;

const scanWgsl = (registerFile: number): string => /* wgsl */ `
${bodyWgsl(registerFile)}
fn compactBits(morton: u32) -> f32 {
  var x = morton & 0x09249249u;
  x = (x ^ (x >> 2u)) & 0x030c30c3u;
  x = (x ^ (x >> 4u)) & 0x0300f00fu;
  x = (x ^ (x >> 8u)) & 0x030000ffu;
  return f32((x ^ (x >> 16u)) & 0x3ffu);
}
fn voxelCentre(morton: u32) -> vec3f {
  return truth.firstMm +
    truth.voxelMm * vec3f(compactBits(morton), compactBits(morton >> 1u), compactBits(morton >> 2u));
}
fn ownVoxel(voxel: vec3f, point: vec3f) -> bool {
  let offset = point - voxel;
  return all(offset >= vec3f(-0.5 * truth.voxelMm)) && all(offset < vec3f(0.5 * truth.voxelMm));
}
struct Found { wall: vec3f, onWall: bool, wallNormal: vec3f, onCap: bool, cap: vec3f }
/** The voxel's surfels: its centre projected onto the body by Newton's method, and onto the ostium plane. */
fn search(voxel: vec3f) -> Found {
  var found = Found(voxel, false, vec3f(0.0), false, voxel - above(voxel) * truth.normal);
  var moving = true;
  for (var step = 0; step <= ${NEWTON_STEPS + 1}; step++) {
    let last = step == ${NEWTON_STEPS + 1};
    if (last && !ownVoxel(voxel, found.cap)) { break; }
    if (!last && !moving) { continue; }
    var limit = 1e9;
    if (step == 0) { limit = ${STEEPEST.toFixed(1)} * truth.voxelMm; }
    if (last) { limit = 0.0; }
    let field = bodyAt(select(found.wall, found.cap, last), limit);
    let here = abs(field.w);
    if (last) {
      found.onCap = field.w <= 0.0;
    } else if (here >= limit) {
      moving = false;
    } else {
      let squared = max(dot(field.xyz, field.xyz), 1e-6);
      if (here < ${ON_SURFACE_MM * 0.2} || step == ${NEWTON_STEPS}) {
        moving = false;
        found.wallNormal = field.xyz / sqrt(squared);
        found.onWall = here < ${ON_SURFACE_MM} && ownVoxel(voxel, found.wall) && above(found.wall) >= 0.0;
      } else {
        found.wall -= field.xyz * clamp(field.w / squared, -truth.voxelMm, truth.voxelMm);
        moving = all(abs(found.wall - voxel) <= vec3f(1.5 * truth.voxelMm));
      }
    }
  }
  return found;
}
`;

/** Which surfels each voxel of the scan holds (bit 0 wall, bit 1 cap), and how many each group of voxels. */
export const scanShader = (registerFile: number): string => /* wgsl */ `
${scanWgsl(registerFile)}
@group(0) @binding(3) var<storage, read_write> flags: array<u32>;
@group(0) @binding(4) var<storage, read_write> groupCounts: array<u32>;
var<workgroup> counts: array<u32, ${SCAN_GROUP}>;
@compute @workgroup_size(${SCAN_GROUP})
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let group = groupId.x + groups.x * groupId.y;
  let morton = group * ${SCAN_GROUP}u + local;
  let found = search(voxelCentre(morton));
  let flag = select(0u, 1u, found.onWall) | select(0u, 2u, found.onCap);
  flags[morton] = flag;
  counts[local] = countOneBits(flag);
  for (var width = ${SCAN_GROUP / 2}u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (local < width) { counts[local] += counts[local + width]; }
  }
  if (local == 0u) { groupCounts[group] = counts[0]; }
}
`;

/** Groups' counts become the places of their first surfels; the totals go to \`totals\`: surfels, blocks. One workgroup. */
export const PREFIX_SHADER = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> groupCounts: array<u32>;
@group(0) @binding(1) var<storage, read_write> totals: array<u32>;
@group(0) @binding(2) var<uniform> groupCount: vec4u;
var<workgroup> sums: array<u32, 256>;
@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) local: u32) {
  let share = (groupCount.x + 255u) / 256u;
  let first = local * share;
  let end = min(first + share, groupCount.x);
  var sum = 0u;
  for (var g = first; g < end; g++) { sum += groupCounts[g]; }
  sums[local] = sum;
  for (var reach = 1u; reach < 256u; reach <<= 1u) {
    workgroupBarrier();
    var before = 0u;
    if (local >= reach) { before = sums[local - reach]; }
    workgroupBarrier();
    sums[local] += before;
  }
  workgroupBarrier();
  var place = sums[local] - sum;
  for (var g = first; g < end; g++) {
    let count = groupCounts[g];
    groupCounts[g] = place;
    place += count;
  }
  if (local == 255u) {
    let total = min(sums[255], ${SURFEL_CAPACITY}u);
    totals[0] = total;
    totals[1] = (total + ${SURFELS_PER_BLOCK - 1}u) / ${SURFELS_PER_BLOCK}u;
    totals[2] = sums[255];
    totals[3] = 0u;
  }
}
`;

/** Writes each voxel's surfels to their places. */
export const scatterShader = (registerFile: number): string => /* wgsl */ `
${scanWgsl(registerFile)}
@group(0) @binding(3) var<storage, read> flags: array<u32>;
@group(0) @binding(4) var<storage, read> places: array<u32>;
@group(0) @binding(5) var<storage, read_write> surfels: array<vec4f>;
var<workgroup> sums: array<u32, ${SCAN_GROUP}>;
fn write(place: u32, position: vec3f, kind: f32, normal: vec3f) {
  if (place >= ${SURFEL_CAPACITY}u) { return; }
  let steep = abs(normal);
  surfels[2u * place] = vec4f(position, kind);
  surfels[2u * place + 1u] = vec4f(normal, max(steep.x, max(steep.y, steep.z)));
}
@compute @workgroup_size(${SCAN_GROUP})
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let group = groupId.x + groups.x * groupId.y;
  let morton = group * ${SCAN_GROUP}u + local;
  let flag = flags[morton];
  let own = countOneBits(flag);
  sums[local] = own;
  for (var reach = 1u; reach < ${SCAN_GROUP}u; reach <<= 1u) {
    workgroupBarrier();
    var before = 0u;
    if (local >= reach) { before = sums[local - reach]; }
    workgroupBarrier();
    sums[local] += before;
  }
  var place = places[group] + sums[local] - own;
  if (flag == 0u) { return; }
  let found = search(voxelCentre(morton));
  if ((flag & 1u) != 0u) {
    write(place, found.wall, ${WALL}.0, found.wallNormal);
    place++;
  }
  if ((flag & 2u) != 0u) { write(place, found.cap, ${CAP}.0, -truth.normal); }
}
`;

/** Bounding spheres of surfels in a row: centre and radius, kinds. */
export const BLOCKS_SHADER = /* wgsl */ `
@group(0) @binding(0) var<storage, read> totals: array<u32>;
@group(0) @binding(1) var<storage, read> surfels: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> blocks: array<vec4f>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let block = id.x;
  if (block >= totals[1]) { return; }
  let end = min((block + 1u) * ${SURFELS_PER_BLOCK}u, totals[0]);
  var low = vec3f(1e9);
  var high = vec3f(-1e9);
  var kinds = 0u;
  for (var s = block * ${SURFELS_PER_BLOCK}u; s < end; s++) {
    let surfel = surfels[2u * s];
    kinds |= select(1u, 2u, surfel.w == ${CAP}.0);
    low = min(low, surfel.xyz);
    high = max(high, surfel.xyz);
  }
  blocks[2u * block] = vec4f((low + high) * 0.5, length(high - low) * 0.5);
  blocks[2u * block + 1u] = vec4f(f32(kinds), 0.0, 0.0, 0.0);
}
`;

/** Seeded training points and their two distances. */
export const sampleShader = (registerFile: number): string => /* wgsl */ `
${bodyWgsl(registerFile)}
struct Request { seed: u32, count: u32, given: u32, unused: u32 }
@group(0) @binding(3) var<uniform> request: Request;
@group(0) @binding(4) var<storage, read> totals: array<u32>;
@group(0) @binding(5) var<storage, read> surfels: array<vec4f>;
@group(0) @binding(6) var<storage, read> blocks: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> points: array<f32>;
@group(0) @binding(8) var<storage, read_write> targets: array<f32>;

fn unit(word: u32) -> f32 { return f32(word >> 8u) / 16777216.0; }

fn drawPoint(n: u32) -> vec3f {
  let kind = n % 8u;
  let seed = request.seed;
  let count = totals[0];
  if (kind >= 6u || count == 0u) {
    let hash = pcg3d(vec3u(n, seed, 0xc0deu));
    return (2.0 * vec3f(unit(hash.x), unit(hash.y), unit(hash.z)) - 1.0) * truth.halfEdge;
  }
  var surfel = vec4f(0.0);
  var normal = vec4f(0.0);
  for (var draw = 0u; draw < ${DRAWS}u; draw++) {
    let hash = pcg3d(vec3u(n, seed, 0xd0u + draw));
    let s = min(u32(unit(hash.x) * f32(count)), count - 1u);
    surfel = surfels[2u * s];
    normal = surfels[2u * s + 1u];
    let inside = all(abs(surfel.xyz) < vec3f(truth.halfEdge));
    if (inside && (kind >= 4u || surfel.w == ${WALL}.0) && unit(hash.y) < normal.w) { break; }
  }
  if (kind >= 4u) {
    return surfel.xyz + (6.0 * unit(pcg3d(vec3u(n, seed, 0xfeedu)).x) - 3.0) * normal.xyz;
  }
  let spread = select(1.5, 0.5, kind == 3u);
  let i = i32(n);
  return surfel.xyz + spread *
    vec3f(whiteNoise(vec3i(i, 0, 0x9a), seed), whiteNoise(vec3i(i, 1, 0x9a), seed), whiteNoise(vec3i(i, 2, 0x9a), seed));
}
/** One Newton step of a foot towards the zero set, no longer than the disc is wide. */
fn moved(foot: vec3f, value: f32, slope: vec3f, longest: f32) -> vec3f {
  let squared = max(dot(slope, slope), 1e-3);
  let limit = longest / sqrt(squared);
  return foot - slope * clamp(value / squared, -limit, limit);
}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= request.count) { return; }
  var p: vec3f;
  if (request.given != 0u) {
    p = vec3f(points[3u * n], points[3u * n + 1u], points[3u * n + 2u]) * truth.halfEdge;
  } else {
    let normalized = clamp(drawPoint(n) / truth.halfEdge, vec3f(-1.0), vec3f(1.0));
    points[3u * n] = normalized.x;
    points[3u * n + 1u] = normalized.y;
    points[3u * n + 2u] = normalized.z;
    p = normalized * truth.halfEdge;
  }
  let radius = ${DISC_RADIUS_VOXELS} * truth.voxelMm;
  var wall = ${NO_SURFACE_MM}.0;
  var cap = ${NO_SURFACE_MM}.0;
  var wallFoot = p;
  var capFoot = p;
  for (var block = 0u; block < totals[1]; block++) {
    let sphere = blocks[2u * block];
    let kinds = u32(blocks[2u * block + 1u].x);
    let far = length(p - sphere.xyz) + sphere.w + radius;
    if ((kinds & 1u) != 0u) { wall = min(wall, far); }
    if ((kinds & 2u) != 0u) { cap = min(cap, far); }
  }
  for (var block = 0u; block < totals[1]; block++) {
    let sphere = blocks[2u * block];
    let kinds = u32(blocks[2u * block + 1u].x);
    let near = length(p - sphere.xyz) - sphere.w - radius;
    if (!(((kinds & 1u) != 0u && near < wall) || ((kinds & 2u) != 0u && near < cap))) { continue; }
    let end = min((block + 1u) * ${SURFELS_PER_BLOCK}u, totals[0]);
    for (var s = block * ${SURFELS_PER_BLOCK}u; s < end; s++) {
      let surfel = surfels[2u * s];
      let normal = surfels[2u * s + 1u].xyz;
      let d = p - surfel.xyz;
      let height = dot(d, normal);
      let tangent = d - height * normal;
      let aside = length(tangent);
      let beyond = max(aside - radius, 0.0);
      let mm = sqrt(height * height + beyond * beyond);
      let isCap = surfel.w == ${CAP}.0;
      if (mm >= select(wall, cap, isCap)) { continue; }
      let foot = surfel.xyz + tangent * select(1.0, radius / aside, aside > radius);
      if (isCap) { cap = mm; capFoot = foot; } else { wall = mm; wallFoot = foot; }
    }
  }
  var inside = false;
  for (var round = 0; round < 3; round++) {
    var at = p;
    if (round == 0) { at = wallFoot; }
    if (round == 1) { at = capFoot; }
    let field = bodyAt(at, select(1e9, 0.0, round == 2));
    if (round == 0 && wall < ${NO_SURFACE_MM}.0) {
      wallFoot = moved(wallFoot, field.w, field.xyz, radius);
      wallFoot -= min(above(wallFoot), 0.0) * truth.normal;
      wall = length(p - wallFoot);
    }
    if (round == 1 && cap < ${NO_SURFACE_MM}.0 && field.w > 0.0) {
      capFoot = moved(capFoot, field.w, field.xyz - dot(field.xyz, truth.normal) * truth.normal, radius);
      cap = length(p - capFoot);
    }
    if (round == 2) { inside = field.w < 0.0 && above(p) > 0.0; }
  }
  let magnitude = min(wall, cap);
  targets[2u * n] = select(magnitude, -magnitude, inside);
  targets[2u * n + 1u] = wall;
}
`;

/** Trilinear resampling of the acquisition onto the crop; beyond its border the border's value. */
export const RESAMPLE_SHADER = /* wgsl */ `
struct Resample {
  first: vec3f, unused0: f32,
  step: vec3f, unused1: f32,
  size: vec3u, resolution: u32,
}
@group(0) @binding(0) var<uniform> settings: Resample;
@group(0) @binding(1) var<storage, read> image: array<f32>;
@group(0) @binding(2) var<storage, read_write> crop: array<f32>;
fn at(i: u32, j: u32, k: u32) -> f32 {
  return image[i + settings.size.x * (j + settings.size.y * k)];
}
@compute @workgroup_size(32, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = settings.resolution;
  if (any(id >= vec3u(n))) { return; }
  let position = clamp(settings.first + settings.step * vec3f(id), vec3f(0.0), vec3f(settings.size - 1u));
  let low = min(vec3u(position), settings.size - 2u);
  let t = position - vec3f(low);
  let high = low + 1u;
  let c0 = mix(at(low.x, low.y, low.z), at(high.x, low.y, low.z), t.x);
  let c1 = mix(at(low.x, high.y, low.z), at(high.x, high.y, low.z), t.x);
  let c2 = mix(at(low.x, low.y, high.z), at(high.x, low.y, high.z), t.x);
  let c3 = mix(at(low.x, high.y, high.z), at(high.x, high.y, high.z), t.x);
  crop[id.x + n * (id.y + n * id.z)] = mix(mix(c0, c1, t.y), mix(c2, c3, t.y), t.z);
}
`;
