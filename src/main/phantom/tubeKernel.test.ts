import { describe, expect, it } from 'vitest';
import { createRandom } from '#shared/random/random.ts';
import { SEGMENT_WORDS } from './instructions.ts';
import { tubeKernel } from './tubeKernel.ts';

const POINTS = 37;

/** Fills the kernel with points round the origin and the segments of a bent tube, one of them of no length. */
function fill(segmentCount: number): void {
  const random = createRandom(segmentCount);
  for (const column of [tubeKernel.x, tubeKernel.y, tubeKernel.z]) {
    for (let n = 0; n < POINTS; n++) column[n] = random.uniform(-20, 20);
  }
  for (let segment = 0; segment < segmentCount; segment++) {
    const along = [0, 1, 2].map(() => (segment === 1 ? 0 : random.uniform(-9, 9)));
    const squared = along[0]! ** 2 + along[1]! ** 2 + along[2]! ** 2;
    const start = [0, 1, 2].map(() => random.uniform(-9, 9));
    tubeKernel.segments.set(
      [...start, ...along, squared > 0 ? 1 / squared : 0, random.uniform(1, 5), random.uniform(-1, 1)],
      segment * SEGMENT_WORDS,
    );
  }
  // On the axis of the first segment, beyond its end, and where the squashed offset vanishes.
  const [ax, ay, az, bx, by, bz] = tubeKernel.segments;
  for (const [n, t] of [0, 0.5, 1, 1.7, -0.4].entries()) {
    tubeKernel.x[n] = ax! + t * bx!;
    tubeKernel.y[n] = ay! + t * by!;
    tubeKernel.z[n] = az! + t * bz!;
  }
}

interface Squash {
  readonly u: readonly [number, number, number];
  readonly stretch: number;
  readonly narrow: number;
}

/** The formula in JavaScript, for point n. */
function plain(n: number, segmentCount: number, squash?: Squash): number {
  let least = 1e9;
  for (let segment = 0; segment < segmentCount; segment++) {
    const words = tubeKernel.segments.subarray(segment * SEGMENT_WORDS, (segment + 1) * SEGMENT_WORDS);
    const [ax, ay, az, bx, by, bz, inverse, start, growth] = [...words] as [
      ...[number, number, number, number, number, number, number, number, number],
    ];
    let dx = tubeKernel.x[n]! - ax;
    let dy = tubeKernel.y[n]! - ay;
    let dz = tubeKernel.z[n]! - az;
    const t = Math.min(Math.max((dx * bx + dy * by + dz * bz) * inverse, 0), 1);
    dx -= bx * t;
    dy -= by * t;
    dz -= bz * t;
    const radius = start + growth * t;
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
    let value = distance - radius;
    if (squash !== undefined) {
      const [ux, uy, uz] = squash.u;
      const along = (dx * ux + dy * uy + dz * uz) * squash.stretch;
      const [sx, sy, sz] = [dx + ux * along, dy + uy * along, dz + uz * along];
      const squashed = Math.sqrt(sx * sx + sy * sy + sz * sz);
      value = squashed < 1e-5 ? -radius * squash.narrow : distance * (1 - radius / squashed);
    }
    if (value < least) least = value;
  }
  return least;
}

describe('the kernel for tubes', () => {
  it.each([1, 2, 4])('gives the bits of the formula for %i segments', (segmentCount) => {
    fill(segmentCount);
    // Even numbers of points and odd ones: two are handled at a time.
    for (const count of [POINTS, POINTS - 1, 1]) {
      tubeKernel.value.fill(Number.NaN);
      tubeKernel.round(count, segmentCount);
      const expected = Array.from({ length: count }, (_, n) => plain(n, segmentCount));
      expect([...tubeKernel.value.subarray(0, count)]).toEqual(expected);
    }
  });

  it.each([1, 2, 4])('gives the bits of the formula for %i squashed segments', (segmentCount) => {
    fill(segmentCount);
    const squash: Squash = { u: [0.6, 0, 0.8], stretch: 0.7, narrow: 0.55 };
    tubeKernel.value.fill(Number.NaN);
    tubeKernel.squashed(POINTS, segmentCount, ...squash.u, squash.stretch, squash.narrow);
    const expected = Array.from({ length: POINTS }, (_, n) => plain(n, segmentCount, squash));
    expect([...tubeKernel.value.subarray(0, POINTS)]).toEqual(expected);
    expect(expected.some((value) => value < 0)).toBe(true);
  });
});
