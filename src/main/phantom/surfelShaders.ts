import { bodyWgsl } from './bodyWgsl.ts';
import { NEWTON_STEPS, ON_SURFACE_MM, STEEPEST } from './localField.ts';
import { CAP, SURFEL_CAPACITY, SURFELS_PER_BLOCK, WALL } from './surfels.ts';

/**
 * surfels.ts in WGSL. Surfels are compacted by count, prefix sum and scatter: their order does not depend on how the
 * device schedules its threads.
 */
export const SCAN_GROUP = 256;

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
