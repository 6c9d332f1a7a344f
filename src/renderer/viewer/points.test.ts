import { expect, it } from 'vitest';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { doubleClickOnLine } from './points.ts';
import { createExampleHost } from './testing/exampleHost.ts';
import type { MarkedPoint } from './types.ts';

it('a double click on a line asks for a point there, also beside one that is there; on a landmark for none', () => {
  const added: Vec3[] = [];
  const host = createExampleHost();
  const noting = { ...host, events: { ...host.events, onAddPoint: (point: Vec3) => added.push(point) } };
  const point = (kind: MarkedPoint['kind']): MarkedPoint => ({
    id: 'line:0',
    pointLpsMm: [0, 0, 0],
    label: '',
    kind,
  });
  expect(doubleClickOnLine(noting, null, [0, 0, 4])).toBe(true);
  // Whether it is too near is the owner's to say.
  expect(doubleClickOnLine(noting, point('line'), [0, 0, 1])).toBe(true);
  expect(added).toEqual([
    [0, 0, 4],
    [0, 0, 1],
  ]);
  expect(doubleClickOnLine(noting, point('landmark'), [0, 0, 1])).toBe(true);
  expect(doubleClickOnLine(noting, null, null)).toBe(false);
  expect(added).toHaveLength(2);
});
