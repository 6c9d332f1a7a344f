import { GRADIENT_STEP_MM, TETRAHEDRON } from './localField.ts';
import { interpreterWgsl, NOISE_WGSL } from './sceneWgsl.ts';

/** A crop's truth as cropMaker.ts uploads it. Points are relative to the cube's centre, in LPS mm. */
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

/** The appendage's body at points, for the shaders of surfels and of training points. */
export const bodyWgsl = (registerFile: number): string => /* wgsl */ `
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
