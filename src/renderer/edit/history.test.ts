import { describe, expect, it } from 'vitest';
import type { LabelMap } from '#shared/contract/values.ts';
import { type GridLps, ijkToLps, LPS_AXES, voxelCount } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom, type Random } from '#shared/random/random.ts';
import {
  applyLabelEdits,
  createHistory,
  createWorkHistory,
  cutWithOutline,
  fillHoles,
  historyFromBytes,
  historyToBytes,
  keepLargest,
  type LabelDelta,
  paintStroke,
  smoothLabels,
  type WorkEdit,
} from './index.ts';

describe('createHistory', () => {
  const make = (limitBytes?: number) =>
    createHistory<string>({ bytesOf: (edit) => edit.length, ...(limitBytes ? { limitBytes } : {}) });

  it('goes back and forth, and forgets what was undone on a new step', () => {
    const history = make();
    expect([history.canUndo(), history.canRedo(), history.undo(), history.redo()]).toEqual([
      false,
      false,
      undefined,
      undefined,
    ]);
    history.push('first', 'a');
    history.push('second', 'b');
    history.push('third', 'c');
    expect(history.undo()).toEqual({ name: 'third', edit: 'c' });
    expect(history.undo()).toEqual({ name: 'second', edit: 'b' });
    expect(history.names()).toEqual({ undo: ['first'], redo: ['second', 'third'] });
    expect(history.redo()).toEqual({ name: 'second', edit: 'b' });
    history.push('other', 'd');
    expect(history.names()).toEqual({ undo: ['other', 'second', 'first'], redo: [] });
    history.clear();
    expect(history.canUndo()).toBe(false);
  });

  it('forgets the oldest beyond its limit, but never the newest', () => {
    const history = make(10);
    for (const name of ['1', '2', '3', '4']) history.push(name, 'four');
    expect(history.names().undo).toEqual(['4', '3']);
    history.push('large', 'x'.repeat(50));
    expect(history.names().undo).toEqual(['large']);
  });
});

const grid: GridLps = {
  sizeIjk: [26, 22, 18],
  originLpsMm: [4, -3, 50],
  spacingMm: [0.8, 0.8, 1.2],
  directions: LPS_AXES,
};

/** Comparing ten thousand values one `expect` at a time takes long. */
const firstDifference = (a: Uint8Array, b: Uint8Array): number => a.findIndex((value, at) => value !== b[at]);

function randomEdit(labels: LabelMap, random: Random): LabelDelta | null {
  const point = (): Vec3 =>
    ijkToLps(grid, [random.uniform(-3, 28), random.uniform(-3, 24), random.uniform(-3, 20)]);
  switch (random.integer(0, 6)) {
    case 0:
      return smoothLabels(labels, random.uniform(0.5, 3));
    case 1:
      return keepLargest(labels);
    case 2:
      return fillHoles(labels);
    case 3:
      return cutWithOutline(
        labels,
        [point(), point(), point(), point()],
        random.direction(),
        random.chance(0.5) ? 'inside' : 'outside',
        random.chance(0.5) ? null : 5,
      );
    default:
      return paintStroke(
        labels,
        [point(), point(), point()],
        random.uniform(0.3, 4),
        random.chance(0.75) ? 1 : 0,
        random.chance(0.5) ? { shape: 'sphere' } : { shape: 'disc', normal: random.direction() },
      );
  }
}

describe('a history of work', () => {
  it('any edits, undone and redone in any order and stored in between, restore bit for bit', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = createRandom(seed);
      const labels: LabelMap = { grid, data: new Uint8Array(voxelCount(grid)) };
      let history = createWorkHistory();
      // What the labels were after each step that is done or can be redone.
      let states = [labels.data.slice()];
      let at = 0;
      for (let step = 0; step < 60; step++) {
        const choice = random.uniform(0, 1);
        if (choice < 0.55) {
          const delta = randomEdit(labels, random);
          if (!delta) continue;
          history.push(`step ${step}`, { kind: 'labels', delta });
          states = [...states.slice(0, ++at), labels.data.slice()];
        } else if (choice < 0.8) {
          const entry = history.undo();
          expect(entry !== undefined).toBe(at > 0);
          if (!entry) continue;
          applyLabelEdits(labels, entry.edit);
          at--;
        } else if (choice < 0.93) {
          const entry = history.redo();
          expect(entry !== undefined).toBe(at < states.length - 1);
          if (!entry) continue;
          applyLabelEdits(labels, entry.edit);
          at++;
        } else {
          history = historyFromBytes(historyToBytes(history));
        }
        expect(firstDifference(labels.data, states[at]!)).toBe(-1);
      }
      for (let entry = history.undo(); entry; entry = history.undo()) applyLabelEdits(labels, entry.edit);
      expect(firstDifference(labels.data, states[0]!)).toBe(-1);
      for (let entry = history.redo(); entry; entry = history.redo()) applyLabelEdits(labels, entry.edit);
      expect(firstDifference(labels.data, states[states.length - 1]!)).toBe(-1);
    }
  });

  const filled = () => {
    const labels: LabelMap = { grid, data: new Uint8Array(voxelCount(grid)) };
    const history = createWorkHistory();
    const delta = paintStroke(labels, [ijkToLps(grid, [10, 10, 9])], 4, 1)!;
    const plane = { pointLpsMm: [1, 2, 3], normal: [0, 0, 1] } as const;
    const edits: [string, WorkEdit][] = [
      ['Brush', { kind: 'labels', delta }],
      ['Move ostium', { kind: 'plane', before: null, after: plane }],
      ['Accept', { kind: 'review', before: 'not reviewed', after: 'accepted' }],
      [
        'Move box',
        {
          kind: 'region',
          before: { centreLpsMm: [0, 0, 0], edgeMm: 70, confidence: 0.9 },
          after: { centreLpsMm: [1, 0, 0], edgeMm: 70, confidence: null },
        },
      ],
      [
        'Segment again',
        {
          kind: 'several',
          edits: [
            { kind: 'labels', delta },
            { kind: 'plane', before: plane, after: null },
          ],
        },
      ],
    ];
    for (const [name, edit] of edits) history.push(name, edit);
    history.undo();
    return history;
  };

  it('keeps every kind of edit, and what is undone, when it is stored', () => {
    const history = filled();
    const again = historyFromBytes(historyToBytes(history));
    expect(again.state()).toEqual(history.state());
    expect(again.names().redo).toEqual(['Segment again']);
  });

  it('is empty where its bytes are damaged anywhere, cut short, or something else', () => {
    const bytes = historyToBytes(filled());
    const isEmpty = (damaged: Uint8Array): boolean => historyFromBytes(damaged).state().entries.length === 0;
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << (at % 8);
      expect(isEmpty(damaged), `byte ${at}`).toBe(true);
    }
    for (let length = 0; length < bytes.length; length += 7)
      expect(isEmpty(bytes.slice(0, length))).toBe(true);
    expect(isEmpty(new TextEncoder().encode('{"entries":[]}'))).toBe(true);
  });
});
