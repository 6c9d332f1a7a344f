import { describe, expect, it } from 'vitest';
import { cross, distance, dot, scale } from '#shared/geometry/vec3.ts';
import { lpsToPixel } from '../planeFrame.ts';
import { cameraFrame, cubeFaces, FROM_THE_FRONT, fitCamera, orbit } from './camera.ts';

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

it('a fitted ball lies within the pane', () => {
  const camera = fitCamera(FROM_THE_FRONT, [10, 20, 30], 40, 300, 200);
  const [, top] = lpsToPixel(cameraFrame(camera, 300, 200), [10, 20, 70]);
  expect(top).toBeGreaterThan(0);
  expect(top).toBeLessThan(20);
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
