import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Vec3 } from '../geometry/vec3.ts';

/** A seeded source of random numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Gaussian; redrawn while further than `limitSd` standard deviations from the mean (default 3). */
  normal(mean: number, standardDeviation: number, limitSd?: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** One of the keys, drawn by weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** Uniform on the unit sphere. */
  direction(): Vec3;
  /** An independent source for a named part, so that a change in one part leaves the others as they were. */
  fork(name: string): Random;
  /** A 32-bit unsigned integer. */
  uint32(): number;
}

/** FNV-1a of a text, mixed with a seed; 32 bits, unsigned. */
export function hashText(seed: number, text: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const uint32 = (): number => generator.next() >>> 0;
  const unit = (): number => uint32() / 2 ** 32;
  const uniform = (low: number, high: number): number => low + (high - low) * unit();
  const standardNormal = (): number => {
    // Box–Muller; 1 − u keeps the logarithm's argument above zero.
    const radius = Math.sqrt(-2 * Math.log(1 - unit()));
    return radius * Math.cos(2 * Math.PI * unit());
  };
  return {
    uint32,
    uniform,
    normal(mean, standardDeviation, limitSd = 3) {
      let value = standardNormal();
      while (Math.abs(value) > limitSd) value = standardNormal();
      return mean + standardDeviation * value;
    },
    chance: (probability) => unit() < probability,
    integer: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
      // Object.keys loses the key type; the record's own keys are K by definition.
      const keys = Object.keys(weights) as K[];
      const last = keys[keys.length - 1];
      if (last === undefined) throw new RangeError('Nothing to draw from.');
      let rest = unit() * keys.reduce((sum, key) => sum + weights[key], 0);
      for (const key of keys) {
        rest -= weights[key];
        if (rest < 0) return key;
      }
      return last;
    },
    direction() {
      const z = uniform(-1, 1);
      const angle = uniform(0, 2 * Math.PI);
      const radius = Math.sqrt(1 - z * z);
      return [radius * Math.cos(angle), radius * Math.sin(angle), z];
    },
    fork: (name) => createRandom(hashText(seed, name)),
  };
}
