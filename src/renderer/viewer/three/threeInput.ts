import { type PaneHost, paneSize } from '../pane.ts';
import { type Drag, dragTo, listenToPane } from '../paneInput.ts';
import type { PixelPoint } from '../planeFrame.ts';
import { doubleClickOnLine, keyOnPoints, placeOnLine, pointInThree } from '../points.ts';
import { dragThreeTarget, threeTarget } from './threeHandles.ts';
import type { ThreeView } from './threeView.ts';

const KEY_STEP_PIXELS = 12;
const ORBIT_OF_KEY: ReadonlyMap<string, PixelPoint> = new Map([
  ['ArrowLeft', [-KEY_STEP_PIXELS, 0]],
  ['ArrowRight', [KEY_STEP_PIXELS, 0]],
  ['ArrowUp', [0, -KEY_STEP_PIXELS]],
  ['ArrowDown', [0, KEY_STEP_PIXELS]],
]);

/** By a key, LAO and cranial, degrees. */
const C_ARM_TURN_OF_KEY: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, 1]],
  ['ArrowDown', [0, -1]],
]);

/** Left turns, middle shifts, right zooms about the pane's middle. */
function dragCamera(view: ThreeView, button: number, from: PixelPoint, middle: PixelPoint): Drag | null {
  let last = from;
  const dragBy = (change: (dx: number, dy: number) => void): Drag =>
    dragTo((now) => {
      change(now[0] - last[0], now[1] - last[1]);
      last = now;
    });
  switch (button) {
    case 0:
      return dragBy(view.orbitBy);
    case 1:
      return dragBy((dx, dy) => view.panBy([dx, dy]));
    case 2:
      return dragBy((_, dy) => view.zoomBy(1.01 ** -dy, middle));
    default:
      return null;
  }
}

/** Handles pointer, wheel and keys of the 3D pane until the signal fires. */
export function listenToThree(
  element: HTMLElement,
  view: ThreeView,
  host: PaneHost,
  signal: AbortSignal,
): void {
  let pointer: PixelPoint | null = null;
  const middle = (): PixelPoint => {
    const [width, height] = paneSize(element);
    return [width / 2, height / 2];
  };
  listenToPane(
    element,
    'three',
    host,
    {
      begin(button, at) {
        const target = button === 0 ? threeTarget(at, view.frame(), host.scene()) : null;
        return target
          ? dragThreeTarget(host, view.frame(), target, at)
          : dragCamera(view, button, at, middle());
      },
      holds: (at) => threeTarget(at, view.frame(), host.scene()) !== null,
      hover(at, isDragging) {
        pointer = at;
        if (at && !isDragging)
          element.style.cursor = threeTarget(at, view.frame(), host.scene()) ? 'move' : 'grab';
      },
      wheel: (event, at) => view.zoomBy(Math.exp(-event.deltaY / 400), at),
      pinch(factor, middle, shift) {
        view.zoomBy(factor, middle);
        view.panBy(shift);
      },
      doubleClick: (at) => {
        const [frame, scene] = [view.frame(), host.scene()];
        return doubleClickOnLine(
          host,
          pointInThree(at, frame, scene),
          placeOnLine(at, frame, scene, Infinity),
        );
      },
      key(key) {
        const [frame, scene] = [view.frame(), host.scene()];
        const [point, place] = pointer
          ? [pointInThree(pointer, frame, scene), placeOnLine(pointer, frame, scene, Infinity)]
          : [null, null];
        if (keyOnPoints(key, host, point, place)) return true;
        const turn = C_ARM_TURN_OF_KEY.get(key);
        if (turn && view.turnCArmBy(...turn)) return true;
        const orbit = ORBIT_OF_KEY.get(key);
        if (orbit) view.orbitBy(...orbit);
        return orbit !== undefined;
      },
    },
    signal,
  );
}
