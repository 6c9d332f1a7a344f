import type { Vec3 } from '#shared/geometry/vec3.ts';

/** Numbers are given to a thousandth; more would pretend a precision that nobody has. */
export const round = (value: number): number => Math.round(value * 1000) / 1000;

export const roundOrNull = (value: number | undefined): number | null =>
  value === undefined ? null : round(value);

export const roundVec = ([x, y, z]: Vec3): [number, number, number] => [round(x), round(y), round(z)];
