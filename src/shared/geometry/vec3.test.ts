import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hypot3 } from './vec3.ts';

it('hypot3 has the bits of Math.hypot, for zeros, huge and tiny numbers and what is not finite too', () => {
  const number = fc.oneof(fc.double(), fc.double({ min: -100, max: 100 }), fc.constantFrom(0, -0, 1e-300));
  fc.assert(
    fc.property(number, number, number, (x, y, z) => {
      expect(hypot3(x, y, z)).toBe(Math.hypot(x, y, z));
    }),
    { numRuns: 2000, seed: 5 },
  );
});
