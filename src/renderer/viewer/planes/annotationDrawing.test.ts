import { describe, expect, it } from 'vitest';
import { areaMm2, handlesOf, lengthMm } from '#shared/annotations/shapes.ts';
import type { Annotation, AnnotationKind } from '#shared/contract/annotations.ts';
import { distance, dot, subtract } from '#shared/geometry/vec3.ts';
import { turnAxes } from '../obliqueAxes.ts';
import { type PixelPoint, planeDirections, planeFrame } from '../planeFrame.ts';
import { createExampleHost } from '../testing/exampleHost.ts';
import type { AnnotationEvent, PlaneName, ViewerScene } from '../types.ts';
import { createAnnotationDrawing } from './annotationDrawing.ts';
import {
  annotationsInPlane,
  annotationTarget,
  dragAnnotation,
  nudgedAnnotation,
} from './annotationHandles.ts';
import type { PlaneView } from './planeView.ts';

/** A pane of 400 × 300 pixels of 0.5 mm, its middle at the crosshair. */
function pane(plane: PlaneName = 'axial') {
  const events: AnnotationEvent[] = [];
  const host = createExampleHost();
  const noting = {
    ...host,
    events: { ...host.events, onAnnotation: (event: AnnotationEvent) => events.push(event) },
  };
  const frame = () => {
    const { axes, crosshairLpsMm } = host.scene();
    return planeFrame(planeDirections(plane, axes), crosshairLpsMm, crosshairLpsMm, {
      mmPerPixel: 0.5,
      widthPixels: 400,
      heightPixels: 300,
    });
  };
  const view: PlaneView = {
    plane,
    frame,
    panBy: () => {},
    zoomBy: () => {},
    reset: () => {},
    frameCube: () => {},
    follow: () => {},
  };
  const drawing = createAnnotationDrawing(noting, view);
  const click = (tool: AnnotationKind, at: PixelPoint): void => drawing.begin(tool, at).end();
  const drag = (tool: AnnotationKind, from: PixelPoint, ...to: readonly PixelPoint[]): void => {
    const begun = drawing.begin(tool, from);
    for (const at of to) begun.move([at]);
    begun.end();
  };
  const drawn = () => events.flatMap((event) => (event.kind === 'drawn' ? [event] : []));
  return { host: noting, change: host.change, events, drawing, frame, view, click, drag, drawn };
}

const annotation = (event: AnnotationEvent | undefined): Annotation => {
  if (event?.kind !== 'drawn') throw new TypeError('Nothing was drawn.');
  const { shape, plane } = event;
  return { id: 'a', number: 1, name: 'One', shape, plane, hu: null, withheld: null };
};

describe('drawing in a plane', () => {
  it('a ruler by a drag, and by two clicks', () => {
    const { change, drag, click, drawn, drawing } = pane();
    change({ tool: 'ruler' });
    drag('ruler', [200, 150], [230, 150], [260, 230]);
    expect(drawn()[0]?.shape).toEqual({
      kind: 'ruler',
      pointsLpsMm: [
        [0, 0, 0],
        [30, 40, 0],
      ],
    });
    click('ruler', [200, 150]);
    expect(drawn()).toHaveLength(1);
    drawing.hover([220, 150], false);
    expect(drawing.shown()).toMatchObject({
      pointsLpsMm: [
        [0, 0, 0],
        [10, 0, 0],
      ],
    });
    click('ruler', [200, 190]);
    expect(drawn()[1]?.shape).toMatchObject({
      pointsLpsMm: [
        [0, 0, 0],
        [0, 20, 0],
      ],
    });
    expect(drawing.shown()).toBeNull();
  });

  it('an angle: one drag is its first arm, a click ends the second', () => {
    const { change, drag, click, drawn, drawing } = pane();
    change({ tool: 'angle' });
    drag('angle', [260, 150], [200, 150]);
    expect(drawing.shown()?.kind).toBe('ruler');
    // A double click's second press is no point of its own.
    click('angle', [200, 150]);
    expect(drawn()).toEqual([]);
    click('angle', [200, 190]);
    expect(drawn()[0]?.shape).toMatchObject({
      kind: 'angle',
      pointsLpsMm: [
        [30, 0, 0],
        [0, 0, 0],
        [0, 20, 0],
      ],
    });
  });

  it('an ellipse in the rectangle of a drag, on an oblique plane too', () => {
    const { change, drag, drawn, frame } = pane('coronal');
    change({ tool: 'ellipse', axes: turnAxes(pane().host.scene().axes, 0, 0.4) });
    drag('ellipse', [180, 140], [240, 180]);
    const { shape, plane } = drawn()[0]!;
    if (shape.kind !== 'ellipse') throw new TypeError('No ellipse.');
    expect(areaMm2(shape)).toBeCloseTo(Math.PI * 15 * 10, 9);
    expect(dot(plane.normal, frame().normal)).toBeCloseTo(1, 12);
    for (const point of handlesOf(shape))
      expect(Math.abs(dot(subtract(point, plane.pointLpsMm), plane.normal))).toBeLessThan(1e-9);
  });

  it('a text by a click, its words beside what it points to, towards the middle; and by a drag', () => {
    const { change, click, drag, drawn, drawing } = pane();
    change({ tool: 'text' });
    click('text', [20, 10]);
    expect(drawn()[0]?.shape).toEqual({
      kind: 'text',
      pointsLpsMm: [
        [-90, -70, 0],
        [-76, -56, 0],
      ],
    });
    expect(drawing.shown()).toBeNull();
    click('text', [390, 290]);
    const { shape } = drawn()[1]!;
    expect(handlesOf(shape)[1]).toEqual([95 - 14, 70 - 14, 0]);
    drag('text', [200, 150], [240, 150]);
    expect(handlesOf(drawn()[2]!.shape)[1]).toEqual([20, 0, 0]);
  });

  it('a region by hand; a line that encloses nothing is none', () => {
    const { change, drag, drawn } = pane();
    change({ tool: 'freehand' });
    drag('freehand', [180, 130], [220, 130], [220, 170], [180, 170], [180, 131]);
    const { shape } = drawn()[0]!;
    if (shape.kind !== 'freehand') throw new TypeError('No region.');
    expect(areaMm2(shape)).toBeCloseTo(20 * 20, 9);
    drag('freehand', [180, 130], [220, 130]);
    drag('freehand', [180, 130]);
    expect(drawn()).toHaveLength(1);
  });

  it('is abandoned by Escape, by another tool, and where the plane moves on', () => {
    const { change, click, drawn, drawing } = pane();
    change({ tool: 'ruler' });
    click('ruler', [200, 150]);
    expect(drawing.cancel()).toBe(true);
    expect(drawing.cancel()).toBe(false);
    click('ruler', [200, 150]);
    change({ crosshairLpsMm: [0, 0, 10] });
    expect(drawing.shown()).toBeNull();
    click('ruler', [220, 150]);
    expect(drawn()).toEqual([]);
    change({ tool: 'angle' });
    expect(drawing.shown()).toBeNull();
    // A drag that is abandoned while the button is down draws nothing when it is released.
    change({ tool: 'ruler' });
    drawing.cancel();
    const begun = drawing.begin('ruler', [200, 150]);
    begun.move([[240, 150]]);
    drawing.cancel();
    begun.move([[260, 150]]);
    begun.end();
    expect(drawn()).toEqual([]);
  });

  it('at the crosshair by a key, each tool in a usual size', () => {
    const { change, drawing, drawn } = pane();
    for (const tool of ['ruler', 'angle', 'ellipse', 'freehand', 'text'] as const) {
      change({ tool });
      drawing.place();
    }
    expect(drawn().map(({ shape }) => shape.kind)).toEqual(['ruler', 'angle', 'ellipse', 'freehand', 'text']);
    const [ruler] = drawn();
    if (ruler?.shape.kind !== 'ruler') throw new TypeError('No ruler.');
    expect(lengthMm(ruler.shape.pointsLpsMm)).toBe(10);
    change({ tool: 'crosshair' });
    drawing.place();
    expect(drawn()).toHaveLength(5);
  });
});

describe('what is drawn', () => {
  const withRuler = (parts: Partial<ViewerScene> = {}) => {
    const built = pane();
    built.change({ tool: 'ruler' });
    built.drag('ruler', [200, 150], [260, 150]);
    const list = [annotation(built.events[0])];
    built.change({ tool: 'crosshair', annotations: { list, selected: null }, ...parts });
    return built;
  };

  it('is shown on planes that it lies in, to within half a slice or half of the slab', () => {
    const { host, change, frame } = withRuler();
    const isShown = (height: number): boolean => {
      change({ crosshairLpsMm: [0, 0, height] });
      return annotationsInPlane(host.scene(), frame()).length > 0;
    };
    expect([0, 4.9, -4.9, 5.1, -5.1].map(isShown)).toEqual([true, true, true, false, false]);
    change({ slab: { thicknessMm: 20, mode: 'mean' } });
    expect([9.9, 10.1].map(isShown)).toEqual([true, false]);
    // It lies in the coronal plane through it as well, and not in the sagittal one.
    change({ crosshairLpsMm: [0, 0, 0], slab: { thicknessMm: 0, mode: 'mean' } });
    expect(annotationsInPlane(host.scene(), pane('coronal').frame())).toHaveLength(1);
    expect(annotationsInPlane(host.scene(), pane('sagittal').frame())).toHaveLength(0);
  });

  it('is grabbed by its handles and by its line; while measuring by the handles of the selected one only', () => {
    const { host, change, frame } = withRuler();
    const target = (at: PixelPoint) => annotationTarget(at, frame(), host.scene())?.handle;
    expect(target([262, 152])).toBe(1);
    expect(target([230, 154])).toBeNull();
    expect(target([230, 170])).toBeUndefined();
    change({ tool: 'ellipse' });
    expect([target([262, 152]), target([230, 150])]).toEqual([undefined, undefined]);
    const { list } = host.scene().annotations;
    change({ annotations: { list, selected: { id: 'a', handle: null } } });
    expect([target([262, 152]), target([230, 150])]).toEqual([1, undefined]);
    change({ tool: 'brush' });
    expect(target([262, 152])).toBeUndefined();
  });

  it('is changed by a drag of a handle, moved by its line, and only selected by a click', () => {
    const { host, frame, view, events } = withRuler();
    const grab = (at: PixelPoint) =>
      dragAnnotation(host, view, annotationTarget(at, frame(), host.scene())!, at);
    events.length = 0;
    grab([260, 150]).end();
    expect(events).toEqual([{ kind: 'selected', selected: { id: 'a', handle: 1 } }]);
    const handle = grab([260, 150]);
    handle.move([[280, 190]]);
    handle.end();
    expect(events.at(-1)).toEqual({
      kind: 'changed',
      id: 'a',
      isFinal: true,
      shape: {
        kind: 'ruler',
        pointsLpsMm: [
          [0, 0, 0],
          [40, 20, 0],
        ],
      },
    });
    const whole = grab([230, 150]);
    whole.move([[230, 170]]);
    whole.end();
    expect(events.at(-1)).toMatchObject({
      shape: {
        pointsLpsMm: [
          [0, 10, 0],
          [30, 10, 0],
        ],
      },
    });
  });

  it('moves by keys in the plane that shows it', () => {
    const { host, change, frame } = withRuler();
    const nudge = () => nudgedAnnotation(host.scene(), frame(), 0.5, 0);
    expect(nudge()).toBeNull();
    const { list } = host.scene().annotations;
    change({ annotations: { list, selected: { id: 'a', handle: 0 } } });
    const event = nudge();
    if (event?.kind !== 'changed' || event.shape.kind !== 'ruler') throw new TypeError('No change.');
    expect(distance(event.shape.pointsLpsMm[0], [0.5, 0, 0])).toBeLessThan(1e-12);
    expect(event.shape.pointsLpsMm[1]).toEqual([30, 0, 0]);
    change({ crosshairLpsMm: [0, 0, 30] });
    expect(nudge()).toBeNull();
  });
});
