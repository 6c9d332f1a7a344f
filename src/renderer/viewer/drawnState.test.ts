import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createDrawnState } from './drawnState.ts';
import type { PlaneFrame } from './planeFrame.ts';
import type { ViewerScene } from './types.ts';

const FRAME: PlaneFrame = {
  centreLpsMm: [0, 0, 0],
  right: [1, 0, 0],
  down: [0, 1, 0],
  normal: [0, 0, 1],
  mmPerPixel: 1,
  widthPixels: 100,
  heightPixels: 80,
};
// What it compares, not a whole scene: any parts do.
const SCENE = { crosshairLpsMm: [1, 2, 3], banner: 'one', mesh: null } as unknown as ViewerScene;

beforeAll(() => {
  vi.stubGlobal('window', { devicePixelRatio: 1 });
});
afterAll(() => {
  vi.unstubAllGlobals();
});

it('tells a pane that shows something else from one that shows the same', () => {
  const drawn = createDrawnState();
  expect(drawn.differs(SCENE, FRAME, { pointer: null })).toBe(true);
  expect(drawn.differs(SCENE, FRAME, { pointer: null })).toBe(false);
  expect(drawn.differs({ ...SCENE }, { ...FRAME }, { pointer: null })).toBe(false);
  expect(drawn.differs(SCENE, FRAME, { pointer: [1, 1] })).toBe(true);
  expect(drawn.differs({ ...SCENE, crosshairLpsMm: [1, 2, 3] }, FRAME, { pointer: [1, 1] })).toBe(true);
  expect(drawn.differs(SCENE, { ...FRAME, mmPerPixel: 2 }, { pointer: [1, 1] })).toBe(true);
  expect(drawn.differs(SCENE, { ...FRAME, mmPerPixel: 2 }, { pointer: [1, 1] })).toBe(false);
});

it('draws anew on a screen of other pixels, and where the canvas was lost', () => {
  const drawn = createDrawnState();
  expect(drawn.differs(SCENE, FRAME)).toBe(true);
  vi.stubGlobal('window', { devicePixelRatio: 2 });
  expect(drawn.differs(SCENE, FRAME)).toBe(true);
  expect(drawn.differs(SCENE, FRAME)).toBe(false);
  drawn.forget();
  expect(drawn.differs(SCENE, FRAME)).toBe(true);
});
