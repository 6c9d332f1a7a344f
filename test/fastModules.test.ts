import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

  it('say in errors which line of the text they are from', () => {
    const lines = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n');
    interface Named {
      readonly stack: string;
    }
    const { stack } = new Error('of the line above all others') as unknown as Named;
    const index = lines.findIndex((line) => line.includes('new Error('));
    expect(stack).toContain(
      `fastModules.test.ts:${index + 1}:${(lines[index] ?? '').indexOf('new Error(') + 1}`,
    );
  });
});
