import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { type GridLps, ijkToLps, LPS_AXES, voxelCount } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { summarizeLumen } from './appendageCentre.ts';
import { createCanvas, PALETTE, strokeLines } from './canvas.ts';
import { displayWindow, type PreviewInput, renderPreview } from './previewImage.ts';
import { directionLetter, panelGrid, partsWithin, rimCrossings, SLICE_VIEWS } from './slicePanel.ts';
import { drawText, textWidth, wrapText } from './strokeFont.ts';

const CENTRE: Vec3 = [20, 30, 40];
const RADIUS = 12;
const grid: GridLps = {
  sizeIjk: [50, 50, 50],
  originLpsMm: [-29, -19, -9],
  spacingMm: [2, 2, 2],
  directions: LPS_AXES,
};

/** Blood of 300 HU in a ball, 40 HU around it. */
function ballVolume(): Volume<Int16Array> {
  const data = new Int16Array(voxelCount(grid));
  let v = 0;
  for (let k = 0; k < 50; k++) {
    for (let j = 0; j < 50; j++) {
      for (let i = 0; i < 50; i++) {
        const p = ijkToLps(grid, [i, j, k]);
        data[v++] = Math.hypot(p[0] - CENTRE[0], p[1] - CENTRE[1], p[2] - CENTRE[2]) < RADIUS ? 300 : 40;
      }
    }
  }
  return { grid, data };
}

const closed = icosphere(CENTRE, RADIUS, 4);
const input = (overrides: Partial<PreviewInput> = {}): PreviewInput => ({
  volume: ballVolume(),
  closed,
  wall: undefined,
  ostium: undefined,
  title: 'Ball',
  numbers: [{ label: 'Volume', value: '7.2 mL' }],
  warnings: [],
  ...overrides,
});
const pixelOf = (png: Uint8Array) => {
  const { width, data, channels } = decode(png);
  return (x: number, y: number): number[] => {
    const at = channels * (Math.round(x) + width * Math.round(y));
    return Array.from(data.slice(at, at + 3));
  };
};
const distanceTo = (colour: readonly number[], pixel: readonly number[]): number =>
  Math.hypot(...colour.map((value, channel) => value - pixel[channel]!));
/** Middle of the axial panel, and pixels a millimetre for a lumen of 24 mm (a field of 90 mm). */
const MIDDLE: readonly [number, number] = [28 + 256, 84 + 256];
const PER_MM = 512 / 90;

describe('renderPreview', async () => {
  const png = await renderPreview(input());

  it('is a picture of the promised size, the same for the same input', async () => {
    expect(decode(png)).toMatchObject({ width: 1572, height: 1184, channels: 3 });
    expect(Buffer.compare(await renderPreview(input()), png)).toBe(0);
  });

  it('draws the contour where the surface is, on each plane', () => {
    const pixel = pixelOf(png);
    for (const [x, y] of [MIDDLE, [MIDDLE[0] + 528, MIDDLE[1]], [MIDDLE[0], MIDDLE[1] + 528]] as const) {
      for (const angle of [0.3, 2, 4]) {
        const [dx, dy] = [Math.cos(angle) * RADIUS * PER_MM, Math.sin(angle) * RADIUS * PER_MM];
        // The nearest of the few pixels round the circle is fully covered.
        const distances = [-2, -1, 0, 1, 2].flatMap((oy) =>
          [-2, -1, 0, 1, 2].map((ox) => {
            return distanceTo(PALETTE.wall, pixel(x + dx + ox, y + dy + oy));
          }),
        );
        expect(Math.min(...distances)).toBeLessThan(12);
      }
    }
  });

  it('shows blood bright, what surrounds it dark, and tints the lumen', () => {
    const pixel = pixelOf(png);
    const [r = 0, g = 0] = pixel(...MIDDLE);
    expect(g).toBeGreaterThan(r);
    expect(r).toBeGreaterThan(150);
    const outside = pixel(MIDDLE[0] + 25 * PER_MM, MIDDLE[1] + 20);
    expect(outside[0]).toBe(outside[2]);
    expect(outside[0]).toBeLessThan(100);
  });

  it('draws the ostium as a line across and in 3D as a disc', async () => {
    const keep = (face: number): boolean => [0, 1, 2].some((corner) => heightOf(closed, face, corner) > -6);
    const wall = submesh(closed, keep).mesh;
    const ring = Array.from({ length: 48 }, (_, n): Vec3 => {
      const angle = (n * 2 * Math.PI) / 48;
      return [CENTRE[0] + 10.4 * Math.cos(angle), CENTRE[1] + 10.4 * Math.sin(angle), CENTRE[2] - 6];
    });
    const ostium = { rimLpsMm: ring, normal: [0, 0, 1] as Vec3 };
    const pixel = pixelOf(await renderPreview(input({ wall, ostium, warnings: ['Mind the gap.'] })));
    const column = [-3, -2, -1, 0, 1, 2, 3].map((dy) => pixel(MIDDLE[0] + 528, MIDDLE[1] + 6 * PER_MM + dy));
    expect(Math.min(...column.map((rgb) => distanceTo(PALETTE.ostium, rgb)))).toBeLessThan(12);
  });

  it('survives long texts, many warnings and a mesh outside of the scan', async () => {
    const far: TriangleMesh = icosphere([500, 500, 500], 5, 2);
    const long = 'an endless word after another '.repeat(20);
    const picture = await renderPreview(
      input({ closed: far, title: long, subtitle: 'ünïcode 漢字', warnings: Array(40).fill(long) }),
    );
    expect(decode(picture)).toMatchObject({ width: 1572, height: 1184, channels: 3 });
  });
});

const heightOf = (mesh: TriangleMesh, face: number, corner: number): number =>
  mesh.positionsLpsMm[3 * mesh.triangles[3 * face + corner]! + 2]! - CENTRE[2];

describe('the planes', () => {
  it('lie as radiologists look at them', () => {
    const letters = SLICE_VIEWS.map(({ right, down }) => directionLetter(right) + directionLetter(down));
    expect(letters).toEqual(['LP', 'LI', 'PI']);
  });
  it('have their centre in the middle', () => {
    const panel = panelGrid(SLICE_VIEWS[1]!, CENTRE, 100, 50);
    expect(ijkToLps(panel, [24.5, 24.5, 0])).toEqual(CENTRE);
    expect(ijkToLps(panel, [-0.5, -0.5, 0])).toEqual([CENTRE[0] - 50, CENTRE[1], CENTRE[2] + 50]);
  });
  it('cross a rim in pairs', () => {
    const square: Vec3[] = [
      [0, 0, -1],
      [4, 0, -1],
      [4, 0, 1],
      [0, 0, 1],
    ];
    expect(rimCrossings(square, [0, 0, 0], [0, 0, 1], SLICE_VIEWS[0]!)).toEqual([
      [
        [0, 0, 0],
        [4, 0, 0],
      ],
    ]);
    expect(rimCrossings(square, [0, 0, 9], [0, 0, 1], SLICE_VIEWS[0]!)).toEqual([]);
  });
});

it('lines end with the scan', () => {
  // The scan's voxels fill L from −30 to 70 mm.
  const across: Vec3[] = [
    [-50, 30, 40],
    [0, 30, 40],
    [90, 30, 40],
  ];
  const parts = partsWithin(grid, across);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.at(0)?.[0]).toBeCloseTo(-30, 0);
  expect(parts[0]?.at(-1)?.[0]).toBeCloseTo(70, 0);
  expect(
    partsWithin(grid, [
      [-50, 30, 40],
      [-40, 30, 40],
    ]),
  ).toEqual([]);
  expect(
    partsWithin(grid, [
      [0, 30, 40],
      [0, 30, 200],
      [5, 30, 40],
    ]),
  ).toHaveLength(2);
});

describe('summarizeLumen', () => {
  it('finds centre, size and brightness', () => {
    const { centreLpsMm, extentMm, medianHu } = summarizeLumen(ballVolume(), closed);
    centreLpsMm.forEach((value, axis) => {
      expect(Math.abs(value - CENTRE[axis]!)).toBeLessThan(0.5);
    });
    expect(extentMm).toBeCloseTo(24, 0);
    expect(medianHu).toBe(300);
    expect(displayWindow(medianHu).highHu).toBe(420);
  });
});

describe('drawing', () => {
  it('covers the area of a line with round ends', () => {
    const canvas = createCanvas(40, 20, [0, 0, 0]);
    const line = [
      [10.3, 9.7],
      [29.6, 10.4],
    ] as const;
    strokeLines(canvas, [line], { colour: [255, 255, 255], widthPixels: 4 });
    const sum = canvas.pixels.reduce((total, value) => total + value, 0) / 3 / 255;
    expect(sum).toBeCloseTo(4 * Math.hypot(19.3, 0.7) + Math.PI * 4, 0);
  });
  it('lays a translucent colour on once, and stays within its clip', () => {
    const canvas = createCanvas(20, 20, [0, 0, 0]);
    const cross = [
      [
        [2, 10],
        [18, 10],
      ],
      [
        [10, 2],
        [10, 18],
      ],
    ] as const;
    strokeLines(canvas, cross, {
      colour: [200, 200, 200],
      widthPixels: 4,
      opacity: 0.5,
      clip: { x: 0, y: 0, width: 12, height: 20 },
    });
    expect(Math.max(...canvas.pixels)).toBe(100);
    expect(canvas.pixels[3 * (15 + 20 * 10)]).toBe(0);
  });
  it('has a shape for every printable ASCII character and accents for letters', () => {
    const box = inkOf('\u{10ffff}');
    const missing: string[] = [];
    for (let code = 33; code < 127; code++) {
      const character = String.fromCharCode(code);
      if (inkOf(character) === box) missing.push(character);
    }
    expect(missing).toEqual([]);
    expect(inkOf('Ä')).not.toBe(box);
    expect(inkOf('Ä')).not.toBe(inkOf('A'));
  });
  it('wraps at spaces and keeps to the width', () => {
    const lines = wrapText('the quick brown fox jumps over the lazy dog', 10, 120);
    expect(lines.join(' ')).toBe('the quick brown fox jumps over the lazy dog');
    expect(lines.every((line) => textWidth(line, 10) <= 120)).toBe(true);
  });
});

function inkOf(text: string): string {
  const canvas = createCanvas(24, 24, [0, 0, 0]);
  drawText(canvas, text, [4, 16], { colour: [255, 255, 255], capPixels: 12 });
  return Array.from(canvas.pixels.filter((_, at) => at % 3 === 0)).join(',');
}
