import { describe, expect, it } from 'vitest';
import { arrowsOf } from '#shared/lifecycle/testing/arrows.ts';
import {
  type SurfaceEvent,
  type SurfaceStatus,
  surfaceLifecycle,
  surfaceStatusOf,
} from './surfaceLifecycle.ts';
import { dot, plane, reviewInMemory } from './testing/reviewInMemory.ts';

type Built = ReturnType<typeof reviewInMemory>;
type Walk = (built: Built) => Promise<void> | void;

const inTurn =
  (...walks: readonly Walk[]): Walk =>
  async (built) => {
    for (const walk of walks) await walk(built);
  };

/** A stroke on voxels that no other stroke of the test has painted. */
const edit: Walk = ({ review, state }) => {
  const x = 8 + state().steps.length;
  review.stroke(dot('brush', [x, 5, 5], 'start'), 0.5);
  review.stroke(dot('brush', [x, 5, 5], 'end'), 0.5);
};
/** The moment after an edit is over: its surface is requested. */
const passTime: Walk = (built) => built.passTime();
const undo: Walk = ({ review }) => review.undo();
const redo: Walk = ({ review }) => review.redo();
const answer: Walk = async ({ calls, turn }) => {
  calls.at(-1)!.answer();
  await turn();
};
const fail: Walk = async ({ calls, turn }) => {
  calls.at(-1)!.fail('There is no surface.');
  await turn();
};
const catchUp: Walk = ({ review }) => review.catchUp();
const movePlane: Walk = ({ review }) => review.movePlane(plane(5), true);
/** To the step that is in force already: its surface is known and shown again. */
const goNowhere: Walk = ({ review, state }) => review.goTo(state().position);
/** One surface is requested, and, by undo and redo, once more: the second call follows when the first has ended. */
const requestTwice = inTurn(edit, passTime, undo, redo);

const reach: Record<SurfaceStatus, Walk> = {
  settled: () => {},
  remaking: inTurn(edit, edit, passTime),
  stuck: inTurn(edit, passTime, fail),
  retrying: inTurn(edit, edit, passTime, fail, catchUp),
};

/** How each event comes about; after `stepped` the surface of the step before is not known where two were edited. */
const cause: Record<SurfaceEvent, Walk> = {
  edited: edit,
  stepped: undo,
  requested: passTime,
  shown: answer,
  failed: fail,
};

/** Arrows that come about in another way. */
const special: Readonly<Record<string, { readonly reach?: Walk; readonly cause: Walk }>> = {
  'settled, stepped': { cause: goNowhere },
  'settled, requested': { cause: movePlane },
  'settled, shown': { reach: inTurn(requestTwice, answer), cause: answer },
  'settled, failed': { reach: inTurn(requestTwice, answer), cause: fail },
  'remaking, requested': { reach: edit, cause: passTime },
  'stuck, requested': { cause: catchUp },
  'stuck, shown': { reach: inTurn(requestTwice, fail), cause: answer },
  'stuck, failed': { reach: inTurn(requestTwice, fail), cause: fail },
  'retrying, requested': { cause: catchUp },
};

describe('every arrow of the surface under review', () => {
  it.each(arrowsOf(surfaceLifecycle))('%s, %s → %s', async (from, event, to) => {
    const built = reviewInMemory();
    const walk = special[`${from}, ${event}`];
    await (walk?.reach ?? reach[from])(built);
    expect(surfaceStatusOf(built.state())).toBe(from);
    await (walk?.cause ?? cause[event])(built);
    expect(surfaceStatusOf(built.state())).toBe(to);
  });
});
