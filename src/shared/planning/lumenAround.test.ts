import { describe, expect, it } from 'vitest';
import { lumenAround, WALL_DIRECTIONS } from './lumenAround.ts';
import { site, tube } from './testing/devices.ts';

const RADIANS = Math.PI / 180;

describe('the wall round an axis', () => {
  const mesh = tube(10, 10, 40);
  const ostium = site().ostium;

  it('is an ellipse where the axis leans in a tube', () => {
    const sine = Math.sin(30 * RADIANS);
    const cosine = Math.cos(30 * RADIANS);
    const around = lumenAround(mesh, { centreLpsMm: [0, 0, 20], axis: [sine, 0, cosine] }, ostium);
    const wall = [...around.wallMm(0)!];
    expect(wall).toHaveLength(WALL_DIRECTIONS);
    expect(Math.min(...wall)).toBeCloseTo(10, 1);
    expect(Math.max(...wall)).toBeCloseTo(10 / cosine, 1);
    // It leaves through the side: 10 mm across are 20 mm along the axis.
    expect(around.leavesAtMm).toBeCloseTo(10 / sine, 1);
  });

  it('is open towards the ostium, and not there outside of the lumen', () => {
    const across = lumenAround(mesh, { centreLpsMm: [0, 0, 4], axis: [1, 0, 0] }, ostium);
    const wall = [...across.wallMm(0)!];
    expect(wall.some(Number.isNaN)).toBe(true);
    expect(wall.some((mm) => Math.abs(mm - 10) < 0.2)).toBe(true);
    const beside = lumenAround(mesh, { centreLpsMm: [15, 0, 4], axis: [0, 0, 1] }, ostium);
    expect(beside.wallMm(0)).toBeNull();
  });
});
