import type { PaneHost } from './pane.ts';
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

/** What a pane does with the pointer and the keys. Positions are CSS pixels from its upper left corner. */
export interface PaneActions {
  /** A press of a button (0 left, 1 middle, 2 right); null where it starts nothing. */
  begin(button: number, at: PixelPoint): Drag | null;
  /** The pointer is here, pressed or not; null when it left. */
  hover(at: PixelPoint | null, isDragging: boolean): void;
  wheel(event: WheelEvent, at: PixelPoint): void;
  /** Whether the key meant something. */
  key(key: string): boolean;
}

/** Listens until the signal fires. One drag at a time; a lost pointer ends it. */
export function listenToPane(
  element: HTMLElement,
  pane: PaneName,
  host: PaneHost,
  actions: PaneActions,
  signal: AbortSignal,
): void {
  let drag: { readonly drag: Drag; readonly pointerId: number } | null = null;
  const listen = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ): void => element.addEventListener(type, listener, { ...options, signal });
  const positionOf = (event: MouseEvent): PixelPoint => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const finish = (): void => {
    const ended = drag;
    drag = null;
    ended?.drag.end();
    host.requestDraw();
  };

  listen('pointerdown', (event) => {
    host.setActive(pane);
    if (drag) return;
    element.focus({ preventScroll: true });
    // A middle press would start the browser's own scrolling.
    if (event.button === 1) event.preventDefault();
    const at = positionOf(event);
    actions.hover(at, false);
    const begun = actions.begin(event.button, at);
    if (!begun) return;
    element.setPointerCapture(event.pointerId);
    drag = { drag: begun, pointerId: event.pointerId };
    host.keepMoving();
  });
  listen('pointermove', (event) => {
    host.setActive(pane);
    const at = positionOf(event);
    const isDragging = drag?.pointerId === event.pointerId;
    actions.hover(at, isDragging);
    if (!drag || !isDragging) return;
    const all = event.getCoalescedEvents().map(positionOf);
    drag.drag.move(all.length > 0 ? all : [at]);
    host.keepMoving();
  });
  listen('pointerup', (event) => {
    if (drag?.pointerId === event.pointerId) finish();
  });
  listen('pointercancel', finish);
  listen('lostpointercapture', () => {
    if (drag) finish();
  });
  listen('pointerleave', () => {
    if (!drag) actions.hover(null, false);
  });
  listen('contextmenu', (event) => event.preventDefault());
  listen('dblclick', () => host.events.onPaneToggle(pane));
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
    if (event.ctrlKey || event.metaKey || event.altKey || !actions.key(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    host.keepMoving();
  });
}
