import { describe, expect, it } from 'vitest';
import { initialWindow, LEAST_SIZE, parseWindowState } from './windowState.ts';

const display = { x: 0, y: 25, width: 1920, height: 1055 };
const kept = { bounds: { x: 100, y: 50, width: 1500, height: 900 }, isMaximized: false };

describe('where the window opens', () => {
  it('is where it was left', () => {
    expect(initialWindow(parseWindowState(JSON.stringify(kept)), [display])).toEqual(kept);
    const left = { bounds: { ...kept.bounds, x: -1900 }, isMaximized: true };
    expect(initialWindow(left, [display, { ...display, x: -1920 }])).toEqual(left);
  });

  it('is in the middle where its display is gone or its title bar would be out of reach', () => {
    for (const bounds of [
      { ...kept.bounds, x: 3000 },
      { ...kept.bounds, x: -1450 },
      { ...kept.bounds, y: -500 },
      { ...kept.bounds, y: 1079 },
    ]) {
      expect(initialWindow({ ...kept, bounds }, [display]).bounds).not.toHaveProperty('x');
    }
  });

  it('is never smaller than the application can be used at', () => {
    const tiny = { ...kept, bounds: { ...kept.bounds, width: 10, height: 10 } };
    expect(initialWindow(tiny, [display]).bounds).toMatchObject(LEAST_SIZE);
  });

  it.each(['', '{', 'null', '{"bounds":{"x":0,"y":0,"width":1e999,"height":1},"isMaximized":true}', '[]'])(
    'is the usual place where %s was kept',
    (text) => {
      expect(parseWindowState(text)).toBeUndefined();
      expect(initialWindow(parseWindowState(text), [display])).toMatchObject({ isMaximized: false });
    },
  );
});
