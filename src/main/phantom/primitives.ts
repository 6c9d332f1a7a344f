import { valueNoise } from './hashNoise.ts';
import { HEADER, OP, SEGMENT_WORDS, TUBE_SEGMENTS } from './instructions.ts';
import { tubeKernel } from './tubeKernel.ts';
import { BATCH, type Workspace } from './workspace.ts';

/** The value of one instruction, before sign, bias and fold, in work.value. */
export function evaluatePrimitive(
  op: number,
  source: number,
  params: Float32Array,
  offset: number,
  work: Workspace,
  count: number,
): void {
  const o = offset + HEADER;
  switch (op) {
    case OP.halfSpace:
      evaluateHalfSpace(params, o, work, count);
      break;
    case OP.box:
      evaluateBox(params, o, work, count);
      break;
    case OP.ellipsoid:
      evaluateEllipsoid(params, o, params[offset + 3]!, work, count);
      break;
    case OP.tube:
      evaluateTube(params, o, params[offset + 3]!, work, count);
      break;
    case OP.load: {
      const from = source * BATCH;
      work.value.set(work.registers.subarray(from, from + count));
      break;
    }
    default:
      evaluateRough(params, o, source * BATCH, work, count);
  }
}

function evaluateHalfSpace(params: Float32Array, o: number, work: Workspace, count: number): void {
  const { x, y, z, value } = work;
  const cx = params[o]!;
  const cy = params[o + 1]!;
  const cz = params[o + 2]!;
  const nx = params[o + 3]!;
  const ny = params[o + 4]!;
  const nz = params[o + 5]!;
  for (let n = 0; n < count; n++) value[n] = (x[n]! - cx) * nx + (y[n]! - cy) * ny + (z[n]! - cz) * nz;
}

function evaluateBox(params: Float32Array, o: number, work: Workspace, count: number): void {
  const { x, y, z, value } = work;
  for (let n = 0; n < count; n++) {
    const px = x[n]! - params[o]!;
    const py = y[n]! - params[o + 1]!;
    const pz = z[n]! - params[o + 2]!;
    const qx = Math.abs(px * params[o + 6]! + py * params[o + 7]! + pz * params[o + 8]!) - params[o + 3]!;
    const qy = Math.abs(px * params[o + 9]! + py * params[o + 10]! + pz * params[o + 11]!) - params[o + 4]!;
    const qz = Math.abs(px * params[o + 12]! + py * params[o + 13]! + pz * params[o + 14]!) - params[o + 5]!;
    const ox = Math.max(qx, 0);
    const oy = Math.max(qy, 0);
    const oz = Math.max(qz, 0);
    value[n] = Math.sqrt(ox * ox + oy * oy + oz * oz) + Math.min(Math.max(qx, qy, qz), 0) - params[o + 15]!;
  }
}

function evaluateEllipsoid(
  params: Float32Array,
  o: number,
  far: number,
  work: Workspace,
  count: number,
): void {
  const { x, y, z, value } = work;
  const cx = params[o]!;
  const cy = params[o + 1]!;
  const cz = params[o + 2]!;
  const reach = params[o + 3]!;
  const shrink = params[o + 4]!;
  const ix = params[o + 5]!;
  const iy = params[o + 6]!;
  const iz = params[o + 7]!;
  for (let n = 0; n < count; n++) {
    const px = x[n]! - cx;
    const py = y[n]! - cy;
    const pz = z[n]! - cz;
    const bound = (Math.sqrt(px * px + py * py + pz * pz) - reach) * shrink;
    if (bound >= far) {
      value[n] = bound;
      continue;
    }
    const ux = (px * params[o + 8]! + py * params[o + 9]! + pz * params[o + 10]!) * ix;
    const uy = (px * params[o + 11]! + py * params[o + 12]! + pz * params[o + 13]!) * iy;
    const uz = (px * params[o + 14]! + py * params[o + 15]! + pz * params[o + 16]!) * iz;
    const k0 = Math.sqrt(ux * ux + uy * uy + uz * uz);
    const vx = ux * ix;
    const vy = uy * iy;
    const vz = uz * iz;
    const k1 = Math.sqrt(vx * vx + vy * vy + vz * vz);
    // At the very centre the formula has no value: the smallest radius stands for it.
    value[n] = k1 < 1e-7 ? -params[o + 17]! : (k0 * (k0 - 1)) / k1;
  }
}

function evaluateTube(params: Float32Array, o: number, far: number, work: Workspace, count: number): void {
  const { x, y, z, value } = work;
  const { x: nearX, y: nearY, z: nearZ, value: nearValue, segments } = tubeKernel;
  const cx = params[o]!;
  const cy = params[o + 1]!;
  const cz = params[o + 2]!;
  const reach = params[o + 3]!;
  const segmentCount = params[o + 4]!;
  const thickness = params[o + 5]!;
  let near = 0;
  for (let n = 0; n < count; n++) {
    const px = x[n]!;
    const py = y[n]!;
    const pz = z[n]!;
    const gx = px - cx;
    const gy = py - cy;
    const gz = pz - cz;
    const bound = Math.sqrt(gx * gx + gy * gy + gz * gz) - reach;
    if (bound >= far) value[n] = bound;
    else {
      nearX[near] = px;
      nearY[near] = py;
      nearZ[near] = pz;
      NEAR[near++] = n;
    }
  }
  if (near === 0) return;
  const from = o + TUBE_SEGMENTS;
  for (let word = 0; word < segmentCount * SEGMENT_WORDS; word++) segments[word] = params[from + word]!;
  if (thickness === 0) tubeKernel.round(near, segmentCount);
  else {
    const [ux, uy, uz] = [params[o + 6]!, params[o + 7]!, params[o + 8]!];
    tubeKernel.squashed(near, segmentCount, ux, uy, uz, thickness - 1, params[o + 9]!);
  }
  for (let at = 0; at < near; at++) value[NEAR[at]!] = nearValue[at]!;
}

/** The points of a batch that a tube is near to. */
const NEAR = new Int32Array(BATCH);

function evaluateRough(params: Float32Array, o: number, from: number, work: Workspace, count: number): void {
  const { x, y, z, value, registers } = work;
  const amplitude = params[o]!;
  const inverse = params[o + 1]!;
  const seed = ((params[o + 2]! << 16) | params[o + 3]!) >>> 0;
  for (let n = 0; n < count; n++) {
    value[n] =
      registers[from + n]! + amplitude * valueNoise(x[n]! * inverse, y[n]! * inverse, z[n]! * inverse, seed);
  }
}
