import { describe, expect, it } from 'vitest';
import { addScaled, cross, distance, dot, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { lpsToPixel } from '../planeFrame.ts';
import {
  cameraFrame,
  cubeFaces,
  directionsOfView,
  FROM_THE_FRONT,
  fitCamera,
  orbit,
  orbitView,
  viewOfDirections,
} from './camera.ts';
import { asideMm, nameAbove } from './sideBySide.ts';

const pointsOf = (mesh: TriangleMesh): Vec3[] =>
  Array.from({ length: mesh.positionsLpsMm.length / 3 }, (_, vertex) => vertexLpsMm(mesh, vertex));

describe('orbiting', () => {
  it('moves the near side with the pointer', () => {
    const nearest = scale(FROM_THE_FRONT.normal, -1);
    expect(dot(nearest, orbit(FROM_THE_FRONT, 20, 0).right)).toBeGreaterThan(0.1);
    expect(dot(nearest, orbit(FROM_THE_FRONT, 0, 20).down)).toBeGreaterThan(0.1);
  });

  it('stays orthonormal and unmirrored over many drags', () => {
    let directions = FROM_THE_FRONT;
    for (let step = 0; step < 500; step++) directions = orbit(directions, 13 - (step % 7), (step % 11) - 4);
    const { right, down, normal } = directions;
    expect(distance(cross(right, down), normal)).toBeLessThan(1e-9);
    expect(dot(right, down)).toBeCloseTo(0, 9);
    expect(Math.hypot(...normal)).toBeCloseTo(1, 9);
  });
});

describe('a camera that follows a C-arm', () => {
  const AP = { alphaDegrees: 0, betaDegrees: 0 };

  it('looks from the front at AP, from the patient’s left at LAO 90°, and back', () => {
    expect(directionsOfView(AP)).toEqual({
      right: [1, 0, 0],
      down: [0, 0, -1],
      normal: [expect.closeTo(0), 1, expect.closeTo(0)],
    });
    expect(viewOfDirections(FROM_THE_FRONT)).toEqual({
      alphaDegrees: expect.closeTo(0),
      betaDegrees: expect.closeTo(0),
    });
    expect(
      cubeFaces(directionsOfView({ alphaDegrees: 90, betaDegrees: 0 })).map(({ letter }) => letter),
    ).toEqual(['L']);
    expect(
      cubeFaces(directionsOfView({ alphaDegrees: 0, betaDegrees: 90 })).map(({ letter }) => letter),
    ).toEqual(['S']);
  });

  it('is turned by a drag as a free one is, and never rolls', () => {
    for (const [dx, dy] of [
      [17, 0],
      [-40, 0],
      [0, 25],
      [0, -30],
    ] as const) {
      const [turned, free] = [directionsOfView(orbitView(AP, dx, dy)), orbit(FROM_THE_FRONT, dx, dy)];
      expect(distance(turned.normal, free.normal)).toBeLessThan(1e-9);
      expect(distance(turned.right, free.right)).toBeLessThan(1e-9);
    }
    let view = AP;
    for (let step = 0; step < 200; step++) view = orbitView(view, 13 - (step % 27), (step % 23) - 11);
    const { right, down, normal } = directionsOfView(view);
    expect(right[2]).toBe(0);
    expect(distance(cross(right, down), normal)).toBeLessThan(1e-9);
    expect(viewOfDirections({ right, down, normal }).alphaDegrees).toBeCloseTo(view.alphaDegrees, 6);
  });

  it('leaves a roll out of the view', () => {
    const view = { alphaDegrees: -30, betaDegrees: 20 };
    const { right, down, normal } = directionsOfView(view);
    const rolled = {
      normal,
      right: addScaled(scale(right, 0.8), down, 0.6),
      down: addScaled(scale(down, 0.8), right, -0.6),
    };
    const back = viewOfDirections(rolled);
    expect([back.alphaDegrees, back.betaDegrees]).toEqual([expect.closeTo(-30, 9), expect.closeTo(20, 9)]);
  });
});

it('a fitted ball lies within the pane', () => {
  const camera = fitCamera(FROM_THE_FRONT, { centreLpsMm: [10, 20, 30], radiusMm: 40 }, 300, 200);
  const [, top] = lpsToPixel(cameraFrame(camera, 300, 200), [10, 20, 70]);
  expect(top).toBeGreaterThan(0);
  expect(top).toBeLessThan(20);
});

it('two surfaces side by side lie within the pane, however it is turned', () => {
  const ball = icosphere([0, 0, 0], 20, 2);
  const box = icosphere([4, -3, 6], 30, 2);
  const subject = {
    centreLpsMm: [0, 0, 0] as const,
    radiusMm: 20,
    right: { centreLpsMm: [4, -3, 6] as const, radiusMm: 30, mesh: box },
  };
  for (const directions of [FROM_THE_FRONT, orbit(FROM_THE_FRONT, 90, 40), orbit(FROM_THE_FRONT, -200, 10)]) {
    for (const [width, height] of [
      [300, 200],
      [150, 400],
    ] as const) {
      const frame = cameraFrame(fitCamera(directions, subject, width, height), width, height);
      const shift = asideMm(box, directions.right);
      const places = [
        ...pointsOf(ball),
        ...pointsOf(box).map((point) => addScaled(point, directions.right, shift)),
      ].map((point) => lpsToPixel(frame, point));
      const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
      expect(Math.min(...xs)).toBeGreaterThan(0);
      expect(Math.max(...xs)).toBeLessThan(width);
      expect(Math.min(...ys)).toBeGreaterThan(0);
      expect(Math.max(...ys)).toBeLessThan(height);
      // The one does not cover the other.
      expect(shift).toBeGreaterThan(50);
    }
  }
});

it('the names of two surfaces side by side stand above the middle of each, within the pane', () => {
  const first = icosphere([0, 0, 0], 20, 2);
  const second = icosphere([0, 0, 0], 20, 2);
  const subject = {
    centreLpsMm: [0, 0, 0] as const,
    radiusMm: 20,
    right: { centreLpsMm: [0, 0, 0] as const, radiusMm: 20, mesh: second },
  };
  const frame = cameraFrame(fitCamera(FROM_THE_FRONT, subject, 400, 400), 400, 400);
  const [left, top] = nameAbove(first, frame, 0);
  const [right] = nameAbove(second, frame, asideMm(second, frame.right));
  const middle = lpsToPixel(frame, [0, 0, 0]);
  expect(left).toBeCloseTo(middle[0], 1);
  expect((right - left) * frame.mmPerPixel).toBeCloseTo(44, 0);
  expect(top).toBeCloseTo(middle[1] - 20 / frame.mmPerPixel - 10, 0);
  const near = { ...frame, mmPerPixel: frame.mmPerPixel / 4 };
  expect(nameAbove(first, near, 0)[1]).toBe(66);
});

describe('the cube', () => {
  it('shows anterior alone from the front', () => {
    expect(cubeFaces(FROM_THE_FRONT).map(({ letter }) => letter)).toEqual(['A']);
  });

  it('shows the three faces that look at the camera, the squarest last', () => {
    const letters = cubeFaces(orbit(FROM_THE_FRONT, -30, 20)).map(({ letter }) => letter);
    expect([...letters].sort()).toEqual(['A', 'L', 'S']);
    expect(letters.at(-1)).toBe('A');
  });
});
