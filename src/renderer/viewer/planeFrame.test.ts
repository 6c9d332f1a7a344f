import { describe, expect, it } from 'vitest';
import { cross, distance, dot, type Vec3 } from '#shared/geometry/vec3.ts';
import { turnAxes } from './obliqueAxes.ts';
import {
  carryOver,
  heightAbovePlane,
  lpsToPixel,
  PLANE_NAMES,
  pixelToLps,
  planeDirections,
  planeFrame,
} from './planeFrame.ts';

const STRAIGHT: readonly [Vec3, Vec3, Vec3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const VIEW = { mmPerPixel: 0.5, widthPixels: 400, heightPixels: 300 };

const expectClose = (actual: Vec3, expected: Vec3): void =>
  expect(distance(actual, expected)).toBeLessThan(1e-9);

describe('how panes are turned', () => {
  it('follows the radiological convention with straight axes', () => {
    const axial = planeDirections('axial', STRAIGHT);
    expectClose(axial.right, [1, 0, 0]);
    expectClose(axial.down, [0, 1, 0]);
    const coronal = planeDirections('coronal', STRAIGHT);
    expectClose(coronal.right, [1, 0, 0]);
    expectClose(coronal.down, [0, 0, -1]);
    const sagittal = planeDirections('sagittal', STRAIGHT);
    expectClose(sagittal.right, [0, 1, 0]);
    expectClose(sagittal.down, [0, 0, -1]);
  });

  it('leaves a pane at rest while its own lines turn, and turns the others', () => {
    const turned = turnAxes(STRAIGHT, 2, 0.6);
    expectClose(planeDirections('axial', turned).right, [1, 0, 0]);
    expect(planeDirections('coronal', turned).right[1]).toBeCloseTo(Math.sin(0.6), 9);
    expectClose(planeDirections('coronal', turned).down, [0, 0, -1]);
  });

  it('stays orthonormal for any axes, also near the directions that steer it', () => {
    for (const [about, angle] of [
      [0, 0.3],
      [0, Math.PI / 2],
      [1, Math.PI / 2],
      [1, 1.4],
      [2, Math.PI],
    ] as const) {
      const axes = turnAxes(turnAxes(STRAIGHT, about, angle), 2, 0.2);
      for (const plane of PLANE_NAMES) {
        const { right, down, normal } = planeDirections(plane, axes);
        expect(
          Math.abs(dot(right, down)) + Math.abs(dot(right, normal)) + Math.abs(dot(down, normal)),
        ).toBeLessThan(1e-9);
        expect(Math.abs(dot(cross(right, down), normal))).toBeCloseTo(1, 9);
      }
    }
  });
});

describe('pixels and LPS', () => {
  const oblique = planeDirections('coronal', turnAxes(turnAxes(STRAIGHT, 2, 0.4), 0, -0.3));
  const frame = planeFrame(oblique, [10, 20, 30], [12, -4, 8], VIEW);

  it('are inverse to each other', () => {
    const point = pixelToLps(frame, [17.25, 240.5]);
    const [x, y] = lpsToPixel(frame, point);
    expect(x).toBeCloseTo(17.25, 9);
    expect(y).toBeCloseTo(240.5, 9);
    expect(heightAbovePlane(frame, point)).toBeCloseTo(0, 9);
  });

  it('the plane passes through the crosshair', () => {
    expect(heightAbovePlane(frame, [10, 20, 30])).toBeCloseTo(0, 9);
  });

  it('a straight axial pane: 10 pixels to the right are 5 mm to the left', () => {
    const axial = planeFrame(planeDirections('axial', STRAIGHT), [0, 0, 7], [1, 2, 3], VIEW);
    expectClose(pixelToLps(axial, [210, 150]), [6, 2, 7]);
  });
});

it('carrying over keeps the crosshair at its pixel when the axes turn', () => {
  const anchor: Vec3 = [5, 6, 7];
  const before = planeDirections('coronal', STRAIGHT);
  const after = planeDirections('coronal', turnAxes(STRAIGHT, 2, 0.7));
  const pixelBefore = lpsToPixel(planeFrame(before, anchor, [20, -3, 40], VIEW), anchor);
  const middle = carryOver([20, -3, 40], anchor, before, after);
  const pixelAfter = lpsToPixel(planeFrame(after, anchor, middle, VIEW), anchor);
  expect(pixelAfter[0]).toBeCloseTo(pixelBefore[0], 9);
  expect(pixelAfter[1]).toBeCloseTo(pixelBefore[1], 9);
});
