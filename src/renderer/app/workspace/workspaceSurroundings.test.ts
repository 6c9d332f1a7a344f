import { describe, expect, it } from 'vitest';
import type { FoundSurroundings } from '#shared/contract/services/segmentation.ts';
import { surroundings } from '#shared/contract/testing/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { awaitingSurroundings, awaitsSurroundings } from '#shared/planning/awaitedSurroundings.ts';
import { exampleReport } from '../../features/review/testing/exampleCase.ts';
import { workspaceInMemory } from './testing/workspaceInMemory.ts';

const FOUND: FoundSurroundings = {
  surroundings,
  atrium: null,
  model: { id: 'around', kind: 'surroundings', sha256: '0'.repeat(64), trainedOn: 'synthetic' },
  seconds: 1.5,
};

/** A scan that is open, whose segmentation waits for a network that looks around it until it is answered. */
async function opened() {
  const built = workspaceInMemory();
  const { services, workspace, turn } = built;
  const { segment } = services.segmentation;
  services.segmentation.segment = async (...asked) => ({
    ...(await segment(...asked)),
    report: awaitingSurroundings(exampleReport()),
  });
  const asked: { answer: (found: FoundSurroundings) => void; fail: (why: Error) => void }[] = [];
  services.segmentation.surroundings = (_, options) =>
    new Promise((answer, fail) => {
      options?.signal?.addEventListener('abort', () => fail(new DOMException('', 'AbortError')));
      asked.push({ answer, fail });
    });
  await workspace.open([]);
  await turn();
  const report = () => workspace.review.store.getState().current?.report;
  const state = () => workspace.lookingAround.store.getState();
  return { ...built, asked, report, state };
}

describe('what surrounds the appendage', () => {
  it('is looked for when the surface is shown, leaves the work alone, and is saved with it', async () => {
    const { workspace, asked, report, state, turn } = await opened();
    await workspace.segment();
    expect(state().kind).toBe('looking');
    expect(workspace.jobs.store.getState().jobs).toMatchObject([
      { kind: 'surroundings', isBackground: true },
    ]);
    workspace.guide.go('ostium');
    workspace.guide.toggle('ostium');
    workspace.review.judge('accepted', { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' });
    await workspace.sessions.flush();
    asked[0]!.answer(FOUND);
    await turn();
    expect(state().kind).toBe('idle');
    expect(report()).toMatchObject({
      surroundings,
      warnings: [],
      models: expect.arrayContaining([FOUND.model]),
    });
    expect(workspace.review.store.getState().verdict).toBe('accepted');
    expect(workspace.guide.status('ostium')).toBe('reviewed');
    expect(workspace.undoing.store.getState().undo).not.toBeNull();
    const { id } = workspace.review.store.getState().current!;
    await workspace.closeAll();
    await workspace.restoreSession(id);
    expect(report()?.surroundings).toEqual(surroundings);
    expect(asked).toHaveLength(1);
  });

  it('is looked for again in work that was closed before it was done', async () => {
    const { workspace, asked, report, turn } = await opened();
    await workspace.segment();
    const { id } = workspace.review.store.getState().current!;
    await workspace.closeAll();
    expect(workspace.jobs.store.getState().jobs).toEqual([]);
    await workspace.restoreSession(id);
    expect(asked).toHaveLength(2);
    asked[0]!.answer({ ...FOUND, surroundings: null });
    await turn();
    expect(awaitsSurroundings(report()!)).toBe(true);
    asked[1]!.answer(FOUND);
    await turn();
    expect(report()?.surroundings).toEqual(surroundings);
    await workspace.sessions.flush();
  });

  it('is waited for by an export, which is not made of other work meanwhile', async () => {
    const { workspace, services, asked, turn } = await opened();
    const exported: unknown[] = [];
    services.exporting.build = ({ report }) => {
      exported.push(report.surroundings);
      return Promise.resolve({ files: [] });
    };
    await workspace.segment();
    const first = workspace.exportNow();
    await turn();
    expect(exported).toEqual([]);
    expect(workspace.jobs.store.getState().jobs.map(({ kind }) => kind)).toContain('export');
    asked[0]!.answer(FOUND);
    await first;
    expect(exported).toEqual([surroundings]);
    await workspace.segment();
    const second = workspace.exportNow();
    await turn();
    await workspace.segment();
    expect(await second).toBe(false);
    expect(exported).toHaveLength(1);
    await workspace.sessions.flush();
  });

  it('that cannot be found is said, leaves the segmentation whole, and can be looked for again', async () => {
    const { workspace, services, asked, report, state, turn } = await opened();
    const warned: boolean[] = [];
    services.exporting.build = ({ report: written }) => {
      warned.push(JSON.stringify(written.warnings).includes('planning.surroundings-awaited'));
      return Promise.resolve({ files: [] });
    };
    await workspace.segment();
    asked[0]!.fail(new UserError(failure('pipeline.stopped')));
    await turn();
    expect(state()).toEqual({ kind: 'stopped', failure: failure('pipeline.stopped') });
    expect(workspace.alerts.store.getState().alerts.at(-1)?.message).toMatch(
      /could not be found: .*The segmentation is whole/,
    );
    expect(workspace.review.store.getState().appendage).not.toBeNull();
    await workspace.exportNow();
    expect(warned).toEqual([true]);
    workspace.lookingAround.retry();
    const [job] = workspace.jobs.store.getState().jobs;
    workspace.jobs.cancel(job!.id);
    await turn();
    expect(state()).toEqual({ kind: 'stopped', failure: null });
    workspace.lookingAround.retry();
    asked[2]!.answer(FOUND);
    await turn();
    expect([state().kind, report()?.surroundings]).toEqual(['idle', surroundings]);
    await workspace.sessions.flush();
  });
});
