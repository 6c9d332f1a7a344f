import { describe, expect, it, vi } from 'vitest';
import * as doorOfPhantoms from '#main/phantom/anatomy/index.ts';
import * as vec3 from '#shared/geometry/vec3.ts';

const isValue = (exported: object, name: string): boolean =>
  Object.getOwnPropertyDescriptor(exported, name)?.value instanceof Function;

describe('modules under test', () => {
  it('hold what they export as values, doors too', () => {
    expect(isValue(vec3, 'add')).toBe(true);
    expect(isValue(doorOfPhantoms, 'buildScene')).toBe(true);
  });

  it('can have a function replaced', () => {
    const spy = vi.spyOn(vec3, 'add').mockReturnValue([7, 7, 7]);
    expect(vec3.add([1, 2, 3], [1, 2, 3])).toEqual([7, 7, 7]);
    spy.mockRestore();
    expect(vec3.add([1, 2, 3], [1, 2, 3])).toEqual([2, 4, 6]);
  });
});
