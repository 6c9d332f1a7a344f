import { describe, expect, it } from 'vitest';
import { arrowsOf } from '#shared/lifecycle/testing/arrows.ts';
import { type SaveState, saveLifecycle } from './saveLifecycle.ts';
import { exampleSession } from './testing/exampleSession.ts';
import { sessionsInMemory } from './testing/sessionsInMemory.ts';

type Built = ReturnType<typeof sessionsInMemory>;
type Walk = (built: Built) => Promise<void> | void;

const another = () => {
  const { reviewCase, ...rest } = exampleSession();
  return { reviewCase: { ...reviewCase, id: 'case-2' }, ...rest };
};

/** A save is under way. */
const startSaving: Walk = async ({ sessions, passTime, turn }) => {
  sessions.changed();
  passTime();
  await turn();
};
const finish: Walk = async ({ saves, turn }) => {
  saves.at(-1)!.finish();
  await turn();
};
const fail: Walk = async ({ saves, turn }) => {
  saves.at(-1)!.fail('The disk is full.');
  await turn();
};
const change: Walk = ({ sessions }) => sessions.changed();
const close: Walk = ({ sessions }) => sessions.close();
const flush: Walk = async ({ sessions, turn }) => {
  void sessions.flush();
  await turn();
};
/** What the save under way is of, is nobody's any more. */
const remove: Walk = ({ sessions }) => sessions.remove('case-1');
/** The work on the screen is put away; the save under way is still of it. */
const leave: Walk = (built) => {
  built.sessions.close();
  built.work(null);
};
const holdFirstAndOpenSecond: Walk = async (built) => {
  await inTurn(startSaving, fail, close)(built);
  built.work(another());
};
const drawing: Walk = ({ draw }) => draw(true);

const inTurn =
  (...walks: readonly Walk[]): Walk =>
  async (built) => {
    for (const walk of walks) await walk(built);
  };

/** How each state is reached: wherever it can be so, with a save under way. */
const reach: Record<SaveState['kind'], Walk> = {
  nothing: inTurn(startSaving, remove, close),
  unsaved: inTurn(startSaving, change),
  saving: startSaving,
  saved: inTurn(startSaving, finish),
  failed: inTurn(startSaving, fail),
};

/** How each arrow comes about; `reach` where the state has to be reached in another way for it. */
const walks: Readonly<Record<string, { readonly reach?: Walk; readonly cause: Walk }>> = {
  'nothing, changed': { cause: change },
  'nothing, closed': { cause: close },
  'nothing, savedOther': { reach: inTurn(startSaving, remove, leave), cause: finish },
  'nothing, failed': { cause: fail },
  'unsaved, changed': { cause: change },
  'unsaved, started': { reach: change, cause: flush },
  'unsaved, saved': { reach: inTurn(startSaving, change, close), cause: finish },
  // While the pen is down the change is not taken for the next save.
  'unsaved, savedEarlier': { cause: inTurn(drawing, finish) },
  'unsaved, savedOther': { cause: inTurn(leave, finish) },
  'unsaved, failed': { cause: fail },
  'unsaved, closed': { reach: change, cause: close },
  'saving, changed': { cause: change },
  'saving, started': { reach: inTurn(holdFirstAndOpenSecond, change, flush), cause: finish },
  'saving, saved': { cause: finish },
  'saving, savedEarlier': {
    reach: inTurn(holdFirstAndOpenSecond, change, flush, change, drawing, finish),
    cause: finish,
  },
  'saving, savedOther': { cause: inTurn(leave, finish) },
  'saving, failed': { cause: fail },
  'saving, closed': { cause: inTurn(remove, close) },
  'saved, changed': { cause: change },
  'saved, closed': { cause: close },
  'failed, changed': { cause: change },
  'failed, started': { cause: flush },
  'failed, closed': { cause: inTurn(remove, close) },
};

describe('every arrow of saving', () => {
  it.each(arrowsOf(saveLifecycle))('%s, %s → %s', async (from, event, to) => {
    const built = sessionsInMemory();
    const walk = walks[`${from}, ${event}`];
    if (!walk) throw new Error('No walk.');
    await (walk.reach ?? reach[from])(built);
    expect(built.sessions.store.getState().save.kind).toBe(from);
    await walk.cause(built);
    expect(built.sessions.store.getState().save.kind).toBe(to);
  });
});
