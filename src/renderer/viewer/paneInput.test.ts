import { expect, it } from 'vitest';
import { listenToPane } from './paneInput.ts';
import type { PixelPoint } from './planeFrame.ts';
import { createExampleHost } from './testing/exampleHost.ts';

/** A pane at the page's corner that notes what its listener does. */
function paneWithFingers(holds: (at: PixelPoint) => boolean = () => false) {
  const did: unknown[] = [];
  const element = Object.assign(new EventTarget(), {
    getBoundingClientRect: () => ({ left: 0, top: 0 }),
    focus: () => {},
    setPointerCapture: () => {},
  });
  // Never ended here: to more than ten listeners that wait for one signal Node prints a warning.
  element.addEventListener = (type, listener) =>
    EventTarget.prototype.addEventListener.call(element, type, listener);
  listenToPane(
    // What the listener uses of an element.
    element as unknown as HTMLElement,
    'axial',
    createExampleHost(),
    {
      begin(_, at) {
        did.push(['begin', ...at]);
        return { move: (all) => did.push(['move', ...all.at(-1)!]), end: () => did.push(['end']) };
      },
      holds,
      hover: () => {},
      wheel: () => {},
      pinch: (factor, middle, shift) => did.push(['pinch', factor, ...middle, ...shift]),
      doubleClick: () => false,
      key: () => false,
    },
    new AbortController().signal,
  );
  /** @param target the part of the pane that it comes from, where that is not the pane itself */
  const send = (type: string, pointerId: number, [clientX, clientY]: PixelPoint, target?: object): void => {
    const parts = {
      pointerId,
      clientX,
      clientY,
      button: 0,
      pointerType: 'touch',
      getCoalescedEvents: () => [],
    };
    const event = Object.assign(new Event(type), parts);
    if (target) Object.defineProperty(event, 'target', { value: target });
    element.dispatchEvent(event);
  };
  return { did, send };
}

it('zooms and pans with two fingers, and leaves the crosshair where it is', () => {
  const { did, send } = paneWithFingers();
  send('pointerdown', 1, [100, 100]);
  send('pointerdown', 2, [200, 100]);
  send('pointermove', 2, [300, 100]);
  send('pointerup', 2, [300, 100]);
  // The finger that stays does not drag.
  send('pointermove', 1, [50, 50]);
  send('pointerup', 1, [50, 50]);
  expect(did).toEqual([['pinch', 2, 200, 100, 50, 0]]);
});

it('taps and drags with one finger', () => {
  const { did, send } = paneWithFingers();
  send('pointerdown', 1, [100, 100]);
  send('pointermove', 1, [102, 100]);
  send('pointerup', 1, [102, 100]);
  expect(did).toEqual([['begin', 100, 100], ['end']]);
  did.length = 0;
  send('pointerdown', 1, [100, 100]);
  send('pointermove', 1, [120, 100]);
  send('pointerup', 1, [120, 100]);
  expect(did).toEqual([['begin', 100, 100], ['move', 120, 100], ['end']]);
});

it('goes on with a drag that the canvas under the finger gave up, and ends one that the pane lost', () => {
  const { did, send } = paneWithFingers();
  send('pointerdown', 1, [100, 100]);
  send('pointermove', 1, [120, 100]);
  send('lostpointercapture', 1, [130, 100], { canvas: 'of the pane' });
  send('pointermove', 1, [130, 100]);
  send('lostpointercapture', 1, [130, 100]);
  expect(did).toEqual([['begin', 100, 100], ['move', 120, 100], ['move', 130, 100], ['end']]);
});

it('ends a drag where a second finger comes down', () => {
  const { did, send } = paneWithFingers();
  send('pointerdown', 1, [100, 100]);
  send('pointermove', 1, [120, 100]);
  send('pointerdown', 2, [220, 100]);
  send('pointermove', 2, [220, 100]);
  expect(did).toEqual([['begin', 100, 100], ['move', 120, 100], ['end'], ['pinch', 1, 170, 100, 0, 0]]);
});

it('holds a handle that a finger covers, and drags it by as much as the finger moves', () => {
  const isNearHandle = ([x, y]: PixelPoint): boolean => Math.hypot(x - 118, y - 100) < 7;
  const { did, send } = paneWithFingers(isNearHandle);
  send('pointerdown', 1, [100, 100]);
  send('pointermove', 1, [130, 110]);
  send('pointerup', 1, [130, 110]);
  expect(did).toEqual([['begin', 116, 100], ['move', 146, 110], ['end']]);
  did.length = 0;
  // Too far away for a finger; and a tap means its own place.
  send('pointerdown', 1, [80, 100]);
  send('pointermove', 1, [60, 100]);
  send('pointerup', 1, [60, 100]);
  send('pointerdown', 1, [100, 100]);
  send('pointerup', 1, [100, 100]);
  expect(did).toEqual([['begin', 80, 100], ['move', 60, 100], ['end'], ['begin', 100, 100], ['end']]);
});
