import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDrawSchedule } from './drawSchedule.ts';

describe('the schedule of drawing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    // A page that is never painted draws by timers.
    vi.stubGlobal('document', { visibilityState: 'hidden' });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const schedule = (isPreparing: () => boolean = () => false) => {
    const events: string[] = [];
    const { requestDraw, keepMoving } = createDrawSchedule({
      draw: (panes, isMoving) => events.push(`${panes.size} ${isMoving ? 'moving' : 'at rest'}`),
      isPreparing,
      onSettled: (isSettled) => events.push(isSettled ? 'settled' : 'not settled'),
    });
    return { events, requestDraw, keepMoving };
  };

  it('draws once what was asked for in one frame, and is settled then', () => {
    const { events, requestDraw } = schedule();
    requestDraw('axial');
    requestDraw('three');
    expect(events).toEqual([]);
    vi.runAllTimers();
    expect(events).toEqual(['2 at rest', 'settled']);
    requestDraw();
    expect(events.at(-1)).toBe('not settled');
    vi.runAllTimers();
    expect(events.slice(2)).toEqual(['not settled', '4 at rest', 'settled']);
  });

  it('is not settled before the drawing at rest that follows a movement', () => {
    const { events, requestDraw, keepMoving } = schedule();
    requestDraw();
    vi.runAllTimers();
    keepMoving();
    vi.advanceTimersByTime(100);
    keepMoving();
    vi.advanceTimersByTime(100);
    expect(events.slice(2)).toEqual(['not settled', '4 moving', '4 moving']);
    vi.runAllTimers();
    expect(events.slice(5)).toEqual(['4 at rest', 'settled']);
  });

  it('is not settled while a pane prepares what it will show', () => {
    let isPreparing = true;
    const { events, requestDraw } = schedule(() => isPreparing);
    requestDraw();
    vi.runAllTimers();
    expect(events).toEqual(['4 at rest']);
    isPreparing = false;
    requestDraw('three');
    vi.runAllTimers();
    expect(events).toEqual(['4 at rest', '1 at rest', 'settled']);
  });
});
