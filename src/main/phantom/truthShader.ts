import { bodyWgsl } from './bodyWgsl.ts';
import { CAP, DISC_RADIUS_VOXELS, SURFELS_PER_BLOCK, WALL } from './surfels.ts';
import { DRAWS } from './trainingPoints.ts';
import { NO_SURFACE_MM } from './truthDiscs.ts';

/** truthField.ts and trainingPoints.ts in WGSL: seeded training points, or given ones, and their two distances. */
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
