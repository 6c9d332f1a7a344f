import { expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { box, icosphere } from '#shared/mesh/testing/primitives.ts';
import { type RgbImage, renderMesh } from './renderMesh.ts';

const pixel = ({ rgb, widthPx }: RgbImage, x: number, y: number): number[] => [
  ...rgb.subarray(3 * (x + widthPx * y), 3 * (x + widthPx * y) + 3),
];
const red = [255, 0, 0] as const;
const blue = [0, 0, 255] as const;

it('shows a sphere as a disc of its size, lit from the upper left', () => {
  const image = renderMesh([{ mesh: icosphere([0, 0, 0], 10, 4), colour: [200, 200, 200] }], [], {
    widthPx: 100,
    heightPx: 80,
    viewDirection: [0, 1, 0],
    millimetresAcross: 40,
    background: [1, 2, 3],
  });
  let covered = 0;
  for (let at = 0; at < image.rgb.length; at += 3) if (image.rgb[at]! > 40) covered++;
  // Radius 25 pixels.
  expect(covered / (Math.PI * 625)).toBeCloseTo(1, 1);
  expect(pixel(image, 2, 2)).toEqual([1, 2, 3]);
  expect(pixel(image, 42, 30)[0]).toBeGreaterThan(pixel(image, 60, 52)[0]! + 30);
});

it('hides what lies behind, and has the patient’s left on the right of a view from the front', () => {
  // From the front: the viewer looks towards posterior (+y); +x (left) is on the picture's right.
  const meshes = [
    { mesh: box([0, 5, 0], [10, 6, 10]), colour: blue },
    { mesh: box([5, -6, 0], [10, -5, 10]), colour: red },
  ];
  const view = { widthPx: 60, heightPx: 60, viewDirection: [0, 1, 0] as const };
  const image = renderMesh(meshes, [], view);
  expect(pixel(image, 15, 30)[2]).toBeGreaterThan(100);
  expect(pixel(image, 45, 30)[0]).toBeGreaterThan(100);
  const behind = renderMesh(meshes, [], { ...view, viewDirection: [0, -1, 0] });
  expect(pixel(behind, 15, 30)[2]).toBeGreaterThan(100);
  expect(pixel(behind, 15, 30)[0]).toBe(0);
});

it('shows the inside of an open box in its own colour and draws lines in front of their surface', () => {
  const open = submesh(box([0, 0, 0], [10, 10, 10]), (face) => face < 4 || face > 5).mesh;
  const image = renderMesh(
    [{ mesh: open, colour: red, insideColour: blue, shading: 'flat' }],
    [
      {
        pointsLpsMm: [
          [0, 10, 5],
          [10, 10, 5],
        ],
        closed: false,
        colour: [0, 255, 0],
        widthPx: 3,
      },
    ],
    { widthPx: 50, heightPx: 50, viewDirection: [0, 1, 0] },
  );
  expect(pixel(image, 25, 15)[0]).toBe(0);
  expect(pixel(image, 25, 15)[2]).toBeGreaterThan(60);
  expect(pixel(image, 25, 25)).toEqual([0, 255, 0]);
});

it('draws an empty scene, and one seen from above', () => {
  expect(
    renderMesh([], [], { widthPx: 4, heightPx: 4, viewDirection: [0, 1, 0] }).rgb.every((v) => v === 255),
  ).toBe(true);
  const above = renderMesh([{ mesh: box([0, 0, 0], [1, 1, 1]), colour: red }], [], {
    widthPx: 9,
    heightPx: 9,
    viewDirection: [0, 0, -1],
  });
  expect(pixel(above, 4, 4)[0]).toBeGreaterThan(100);
});
