import { describe, expect, it } from 'vitest';
import { EXAMPLE_ANNOTATIONS } from '#shared/annotations/testing/exampleAnnotations.ts';
import type { AnnotationShape } from '#shared/contract/annotations.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { manualTimer } from '../../jobs/testing/manualTimer.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { type AnnotationStep, createAnnotations } from './annotationStore.ts';

const VOLUME: ViewedVolume = {
  grid: { sizeIjk: [20, 20, 1], originLpsMm: [0, 0, 0], spacingMm: [1, 1, 1], directions: LPS_AXES },
  data: new Int16Array(400).fill(120),
};
const PLANE = { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] } as const;
const ruler = (toMm: number): AnnotationShape => ({
  kind: 'ruler',
  pointsLpsMm: [
    [0, 0, 0],
    [toMm, 0, 0],
  ],
});
const ELLIPSE: AnnotationShape = {
  kind: 'ellipse',
  centreLpsMm: [9, 9, 0],
  halfAxesLpsMm: [
    [3, 0, 0],
    [0, 3, 0],
  ],
};

function build() {
  const steps: AnnotationStep[] = [];
  const timer = manualTimer();
  let volume: ViewedVolume | null = VOLUME;
  const annotations = createAnnotations({
    volume: () => volume,
    record: (step) => steps.push(step),
    timer: timer.timer,
  });
  const draw = (shape: AnnotationShape): string => {
    annotations.follow({ kind: 'drawn', shape, plane: PLANE });
    return annotations.store.getState().list.at(-1)!.id;
  };
  const undo = ({ before, after }: AnnotationStep): void => annotations.replace(before, after);
  const redo = ({ before, after }: AnnotationStep): void => annotations.replace(after, before);
  return {
    annotations,
    steps,
    timer,
    draw,
    undo,
    redo,
    list: () => annotations.store.getState().list,
    selected: () => annotations.store.getState().selected,
    open: (next: ViewedVolume | null) => {
      volume = next;
    },
  };
}

describe('annotations', () => {
  it('are named by kind and number, selected when drawn, and measured on the scan', () => {
    const { draw, list, selected, annotations } = build();
    draw(ruler(5));
    draw(ELLIPSE);
    const third = draw(ruler(6));
    expect(list().map(({ name }) => name)).toEqual(['Ruler 1', 'Ellipse 1', 'Ruler 2']);
    expect(selected()).toEqual({ id: third, handle: null });
    expect(list()[1]?.hu).toMatchObject({ meanHu: 120, deviationHu: 0, sampling: 'voxels' });
    annotations.remove(list()[0]!.id);
    draw(ruler(7));
    expect(list().map(({ name }) => name)).toEqual(['Ellipse 1', 'Ruler 2', 'Ruler 1']);
  });

  it('a drag is one step, which undo and redo take as a whole', () => {
    const { annotations, draw, steps, list, undo, redo } = build();
    const id = draw(ELLIPSE);
    const moved = { ...ELLIPSE, centreLpsMm: [0, 9, 0] } as AnnotationShape;
    annotations.follow({ kind: 'changed', id, shape: { ...moved }, isFinal: false });
    expect(steps).toHaveLength(1);
    annotations.follow({ kind: 'changed', id, shape: moved, isFinal: true });
    expect(steps.map(({ name }) => name)).toEqual(['Draw ellipse', 'Change ellipse']);
    expect(list()[0]?.hu?.outsideShare).toBeGreaterThan(0.3);
    undo(steps[1]!);
    expect(list()[0]).toMatchObject({ shape: ELLIPSE, hu: { outsideShare: 0 } });
    undo(steps[0]!);
    expect(list()).toEqual([]);
    redo(steps[0]!);
    redo(steps[1]!);
    expect(list()[0]?.shape).toEqual(moved);
  });

  it('keys that follow each other are one step, which ends by itself or with the next change', () => {
    const { annotations, draw, steps, timer } = build();
    const id = draw(ruler(5));
    for (const toMm of [5.5, 6]) {
      annotations.follow({ kind: 'changed', id, shape: ruler(toMm), isFinal: false });
      annotations.finishSoon();
    }
    timer.pass();
    expect(steps.map(({ name }) => name)).toEqual(['Draw ruler', 'Change ruler']);
    annotations.follow({ kind: 'changed', id, shape: ruler(7), isFinal: false });
    annotations.rename(id, '  Neck ');
    expect(steps.map(({ name }) => name)).toEqual([
      'Draw ruler',
      'Change ruler',
      'Change ruler',
      'Rename ruler',
    ]);
    expect(steps[1]).toMatchObject({ before: [{ shape: ruler(5) }], after: [{ shape: ruler(6) }] });
    expect(steps[3]?.after[0]?.name).toBe('Neck');
    annotations.rename(id, '   ');
    expect(steps).toHaveLength(4);
  });

  it('are deleted one by one and all together, and come back in their order', () => {
    const { annotations, draw, steps, list, selected, undo } = build();
    const first = draw(ruler(5));
    draw(ruler(6));
    annotations.remove(first);
    undo(steps.at(-1)!);
    expect(list().map(({ name }) => name)).toEqual(['Ruler 1', 'Ruler 2']);
    annotations.removeAll();
    expect([list(), selected()]).toEqual([[], null]);
    undo(steps.at(-1)!);
    expect(list()).toHaveLength(2);
  });

  it('the keys of handles go round, with all of it between the last and the first', () => {
    const { annotations, draw, selected } = build();
    draw(ruler(5));
    const handles = Array.from({ length: 4 }, () => {
      annotations.stepHandle(1);
      return selected()?.handle;
    });
    expect(handles).toEqual([0, 1, null, 0]);
    annotations.stepHandle(-1);
    annotations.stepHandle(-1);
    expect(selected()?.handle).toBe(1);
  });

  it('a text is one step, placed and named; also where it keeps its usual name', () => {
    const { annotations, draw, steps, list, undo, redo } = build();
    const text = (): string =>
      draw({
        kind: 'text',
        pointsLpsMm: [
          [0, 0, 0],
          [4, 4, 0],
        ],
      });
    const named = text();
    annotations.rename(named, 'Thrombus?');
    expect(steps.map(({ name }) => name)).toEqual(['Draw text']);
    undo(steps[0]!);
    expect(list()).toEqual([]);
    redo(steps[0]!);
    expect(list()).toMatchObject([{ name: 'Thrombus?' }]);
    text();
    annotations.askName(null);
    text();
    // Undo takes what is under way as a step first.
    annotations.finish();
    annotations.finish();
    expect(steps.map(({ name }) => name)).toEqual(['Draw text', 'Draw text', 'Draw text']);
    annotations.rename(named, 'Ridge');
    expect(steps.at(-1)?.name).toBe('Rename text');
  });

  it('a text asks for its words; a region that crosses itself keeps its largest loop', () => {
    const { annotations, draw, list } = build();
    const text = draw({
      kind: 'text',
      pointsLpsMm: [
        [0, 0, 0],
        [4, 4, 0],
      ],
    });
    expect(annotations.store.getState().namingId).toBe(text);
    annotations.rename(text, 'Thrombus?');
    expect(annotations.store.getState().namingId).toBeNull();
    const region = draw({
      kind: 'freehand',
      pointsLpsMm: [
        [0, 0, 0],
        [10, 0, 0],
        [10, 10, 0],
        [0, 10, 0],
      ],
    });
    const crossed: AnnotationShape = {
      kind: 'freehand',
      pointsLpsMm: [
        [0, 0, 0],
        [10, 10, 0],
        [10, 0, 0],
        [0, 8, 0],
      ],
    };
    annotations.follow({ kind: 'changed', id: region, shape: crossed, isFinal: true });
    const { shape } = list()[1]!;
    expect(shape.kind === 'freehand' && shape.pointsLpsMm).toHaveLength(3);
  });

  it('are measured again where the scan has become whole, and kept as they are where saved work is restored', () => {
    const { annotations, draw, list, open, steps } = build();
    open({ ...VOLUME, data: new Int16Array(400) });
    draw(ELLIPSE);
    expect(list()[0]?.hu?.meanHu).toBe(0);
    open(VOLUME);
    annotations.remeasure();
    expect(list()[0]?.hu?.meanHu).toBe(120);
    const { revision } = annotations.store.getState();
    annotations.restore(EXAMPLE_ANNOTATIONS);
    expect(list()).toEqual(EXAMPLE_ANNOTATIONS);
    expect(annotations.store.getState().revision).toBe(revision);
    expect(steps).toHaveLength(1);
  });
});
