import { isAnnotationKind } from '#shared/contract/annotations.ts';
import { type PaneHost, panePoint } from './pane.ts';
import type { PixelPoint } from './planeFrame.ts';
import type { PaneName } from './types.ts';

/** What happens between press and release. */
export interface Drag {
  /** All positions since the last call; the last one is where the pointer is. */
  move(positions: readonly PixelPoint[]): void;
  end(): void;
}

/** A drag that looks at the pointer's latest position only. */
export const dragTo = (onMove: (now: PixelPoint) => void, onEnd: () => void = () => {}): Drag => ({
  move: (positions) => onMove(positions.at(-1)!),
  end: onEnd,
});

/** What a pane does with the pointer and the keys. Positions are in its pixels, from its upper left corner. */
export interface PaneActions {
  /** A press of a button (0 left, 1 middle, 2 right); null where it starts nothing. */
  begin(button: number, at: PixelPoint): Drag | null;
  /** Whether a press there holds a handle. */
  holds(at: PixelPoint): boolean;
  /** The pointer is here, pressed or not; null when it left. */
  hover(at: PixelPoint | null, isDragging: boolean): void;
  wheel(event: WheelEvent, at: PixelPoint): void;
  /** Two fingers moved: apart by this factor, their middle is here and moved by so much. */
  pinch(factor: number, middle: PixelPoint, shift: PixelPoint): void;
  /** Whether a double click meant something there. */
  doubleClick(at: PixelPoint): boolean;
  /** Whether the key meant something. */
  key(key: string): boolean;
}

/** A finger that moves less than this taps. */
const TAP_PIXELS = 6;

/** Handles are made for the tip of a pointer; a finger holds one that is this near to its middle. */
const FINGER_PIXELS = [0, 8, 16, 22];
const FINGER_DIRECTIONS = Array.from({ length: 8 }, (_, at): PixelPoint => {
  const angle = (at * Math.PI) / 4;
  return [Math.cos(angle), Math.sin(angle)];
});

/** The place nearest to a finger that holds a handle; its own place where none does. */
function heldBy(finger: PixelPoint, holds: (at: PixelPoint) => boolean): PixelPoint {
  for (const away of FINGER_PIXELS) {
    for (const [right, down] of FINGER_DIRECTIONS) {
      const place: PixelPoint = [finger[0] + away * right, finger[1] + away * down];
      if (holds(place)) return place;
    }
  }
  return finger;
}

/** Listens until the signal fires. One drag at a time; a lost pointer ends it. Two fingers zoom and pan. */
export function listenToPane(
  element: HTMLElement,
  pane: PaneName,
  host: PaneHost,
  actions: PaneActions,
  signal: AbortSignal,
): void {
  let drag: {
    readonly drag: Drag;
    readonly pointerId: number;
    /** From the finger to what it holds. */
    readonly offset: PixelPoint;
  } | null = null;
  const fingers = new Map<number, PixelPoint>();
  /** A finger that has not moved yet: it taps, drags or is the first of two. */
  let resting: PixelPoint | null = null;
  const listen = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ): void => element.addEventListener(type, listener, { ...options, signal });
  const positionOf = (event: MouseEvent): PixelPoint => panePoint(element, event);
  const finish = (): void => {
    const ended = drag;
    drag = null;
    ended?.drag.end();
    host.requestDraw();
  };
  const begin = (button: number, at: PixelPoint, pointerId: number, pressed = at): void => {
    const begun = actions.begin(button, at);
    if (!begun) return;
    element.setPointerCapture(pointerId);
    drag = { drag: begun, pointerId, offset: [at[0] - pressed[0], at[1] - pressed[1]] };
    host.keepMoving();
  };
  const putDown = (pointerId: number, at: PixelPoint): void => {
    fingers.set(pointerId, at);
    resting = fingers.size === 1 ? at : null;
    if (fingers.size > 1 && drag) finish();
  };
  /** @returns whether the finger's move was no drag's */
  const moveFinger = (pointerId: number, at: PixelPoint): boolean => {
    const before = [...fingers.values()];
    if (!fingers.has(pointerId)) return true;
    fingers.set(pointerId, at);
    if (fingers.size === 2) {
      const [was, is] = [twoFingers(before), twoFingers([...fingers.values()])];
      const shift: PixelPoint = [is.middle[0] - was.middle[0], is.middle[1] - was.middle[1]];
      actions.pinch(is.distance / was.distance, is.middle, shift);
      host.keepMoving();
      return true;
    }
    if (!resting || Math.hypot(at[0] - resting[0], at[1] - resting[1]) < TAP_PIXELS) return drag === null;
    begin(0, heldBy(resting, actions.holds), pointerId, resting);
    resting = null;
    return false;
  };
  const lift = (pointerId: number): void => {
    fingers.delete(pointerId);
    if (resting) {
      // A tap means its very place: beside a handle it sets the crosshair.
      actions.begin(0, resting)?.end();
      host.requestDraw();
    }
    resting = null;
  };

  listen('pointerdown', (event) => {
    host.setActive(pane);
    const at = positionOf(event);
    if (event.pointerType === 'touch') {
      element.focus({ preventScroll: true });
      putDown(event.pointerId, at);
      return;
    }
    if (drag) return;
    element.focus({ preventScroll: true });
    // A middle press would start the browser's own scrolling.
    if (event.button === 1) event.preventDefault();
    actions.hover(at, false);
    begin(event.button, at, event.pointerId);
  });
  listen('pointermove', (event) => {
    host.setActive(pane);
    const at = positionOf(event);
    if (event.pointerType === 'touch' && moveFinger(event.pointerId, at)) return;
    const isDragging = drag?.pointerId === event.pointerId;
    actions.hover(at, isDragging);
    if (!drag || !isDragging) return;
    const all = event.getCoalescedEvents().map(positionOf);
    const { offset } = drag;
    drag.drag.move((all.length > 0 ? all : [at]).map(([x, y]): PixelPoint => [x + offset[0], y + offset[1]]));
    host.keepMoving();
  });
  listen('pointerup', (event) => {
    if (event.pointerType === 'touch') lift(event.pointerId);
    if (drag?.pointerId === event.pointerId) finish();
  });
  listen('pointercancel', (event) => {
    fingers.delete(event.pointerId);
    resting = null;
    finish();
  });
  listen('lostpointercapture', (event) => {
    // A finger is captured by what lies under it, a canvas of the pane; that loses it when a drag begins here.
    if (drag && event.target === element) finish();
  });
  listen('pointerleave', () => {
    if (!drag) actions.hover(null, false);
  });
  listen('contextmenu', (event) => event.preventDefault());
  listen('dblclick', (event) => {
    // Two quick clicks of a measuring tool are two points.
    if (isAnnotationKind(host.scene().tool) || actions.doubleClick(positionOf(event))) return;
    host.events.onPaneToggle(pane);
  });
  listen('focus', () => host.setActive(pane));
  listen(
    'wheel',
    (event) => {
      event.preventDefault();
      host.setActive(pane);
      actions.wheel(event, positionOf(event));
    },
    { passive: false },
  );
  listen('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !actions.key(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    host.keepMoving();
  });
}

/** Two places that are one would divide by nothing. */
const LEAST_DISTANCE_PIXELS = 1;

function twoFingers(at: readonly PixelPoint[]): { readonly middle: PixelPoint; readonly distance: number } {
  const [a = [0, 0], b = a] = at;
  return {
    middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    distance: Math.max(LEAST_DISTANCE_PIXELS, Math.hypot(a[0] - b[0], a[1] - b[1])),
  };
}
