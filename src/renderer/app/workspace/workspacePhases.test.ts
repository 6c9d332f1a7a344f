import { expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { resultsBeside } from '../../features/phases/index.ts';
import { phasesInMemory } from './testing/phasesInMemory.ts';

/** Segments the first phase and moves its ostium's plane, a step that a reader takes. */
async function edited() {
  const built = await phasesInMemory();
  const { workspace, turn } = built;
  await workspace.segment();
  const { plane } = workspace.review.store.getState();
  workspace.review.movePlane({ ...plane!, pointLpsMm: [10, 20, 27] }, true);
  await workspace.review.settled();
  await turn();
  return built;
}

it('brings back a reader’s edits of a phase whose first save is still under way', async () => {
  const { workspace, services, ids, turn } = await edited();
  const usual = services.sessions.save;
  const finish: (() => void)[] = [];
  services.sessions.save = async (request) => {
    await new Promise<void>((resolve) => finish.push(resolve));
    return usual(request);
  };
  await workspace.phases.choose(ids[1]!);
  expect(workspace.review.store.getState().current).toBeNull();
  const back = workspace.phases.choose(ids[0]!);
  await turn();
  while (finish.length > 0) {
    finish.pop()!();
    await turn();
  }
  await back;
  await turn();
  await turn();
  expect(workspace.review.store.getState()).toMatchObject({
    steps: ['Move ostium plane'],
    plane: { pointLpsMm: [10, 20, 27] },
  });
});

it('brings back edits that could not be saved, and does not save an earlier state over them', async () => {
  const { workspace, services, kept, ids, turn } = await edited();
  const usual = services.sessions.save;
  await workspace.sessions.flush();
  workspace.review.judge('accepted');
  services.sessions.save = () =>
    Promise.reject(new UserError(failure('stored.sentence', { sentence: 'Disk full.' })));
  await workspace.sessions.flush();
  await workspace.phases.choose(ids[1]!);
  await workspace.phases.choose(ids[0]!);
  await turn();
  await turn();
  expect(workspace.review.store.getState()).toMatchObject({
    verdict: 'accepted',
    steps: ['Move ostium plane', 'Accept'],
  });
  services.sessions.save = usual;
  await workspace.sessions.flush();
  expect(kept.size).toBe(1);
  await workspace.closeAll();
  await workspace.restoreSession([...kept.keys()][0]!);
  expect(workspace.review.store.getState().verdict).toBe('accepted');
});

it('does not put work of a phase in the place of the one that was chosen meanwhile', async () => {
  const { workspace, services, ids, turn } = await edited();
  await workspace.sessions.flush();
  await workspace.phases.choose(ids[1]!);
  const usual = services.sessions.load;
  let finish = () => {};
  services.sessions.load = async (request) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return usual(request);
  };
  await workspace.phases.choose(ids[0]!);
  await turn();
  await workspace.phases.choose(ids[1]!);
  finish();
  await turn();
  await turn();
  expect(workspace.review.store.getState().current).toBeNull();
  expect(workspace.scan.getState().scan).toMatchObject({ extent: 'whole', seriesInstanceUid: ids[1] });
});

it('shows the result of the phase on the screen as soon as all phases are segmented, and records each', async () => {
  const { workspace, trail } = await phasesInMemory();
  await workspace.phases.segmentAll();
  const { current } = workspace.review.store.getState();
  expect(current?.report.source.heartPhase?.label).toBe('40 %');
  expect(trail).toEqual(['open', 'segment', 'segment']);
  await workspace.sessions.flush();
});

it('keeps what a reader segmented and edited in a phase while all are segmented', async () => {
  const { workspace, services, ids, turn } = await phasesInMemory();
  const usual = services.segmentation.segment;
  const waiting: (() => void)[] = [];
  services.segmentation.segment = async (request, job) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return usual(request, job);
  };
  const next = async () => {
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    return waiting.shift()!;
  };
  const all = workspace.phases.segmentAll();
  (await next())();
  // The second phase is being segmented; a reader chooses it and segments it, too.
  const ofAll = await next();
  await workspace.phases.choose(ids[1]!);
  await turn();
  const byHand = workspace.segment();
  (await next())();
  await byHand;
  const { current } = workspace.review.store.getState();
  ofAll();
  await all;
  expect(workspace.review.store.getState().current?.id).toBe(current?.id);
  await workspace.phases.choose(ids[0]!);
  await workspace.phases.choose(ids[1]!);
  await turn();
  await turn();
  expect(workspace.review.store.getState().current?.id).toBe(current?.id);
  await workspace.sessions.flush();
});

it('a step of the work brings the loaded scan back from the cine', async () => {
  const { workspace } = await edited();
  await workspace.phases.step(1);
  expect(workspace.phases.store.getState().frame?.label).toBe('90 %');
  workspace.undoing.undo();
  expect(workspace.phases.store.getState().frame).toBeNull();
  await workspace.sessions.flush();
});

/** The volumes in the curves of the work under review, mL. */
const volumesOf = ({ phases, review }: Awaited<ReturnType<typeof phasesInMemory>>['workspace']) =>
  resultsBeside(phases.store.getState(), review.store.getState().current?.seriesInstanceUid ?? '').map(
    ({ phase, measurements }) => [phase.label, measurements?.volumeMl],
  );

it('keeps the sizes of all phases with the work: there again without the scan, and with it', async () => {
  const { workspace, services, kept, ids, turn } = await phasesInMemory([40, 90, 5]);
  await workspace.phases.segmentAll();
  await workspace.closeAll();
  expect(kept.size).toBe(1);
  const [id] = [...kept.keys()];
  await workspace.restoreSession(id!);
  const all = [
    ['5 %', 0.5],
    ['40 %', 4],
    ['90 %', 9],
  ];
  expect(volumesOf(workspace)).toEqual(all);
  // As it was saved: nothing to save.
  expect(workspace.sessions.isSafe()).toBe(true);
  await workspace.open([]);
  await turn();
  expect(workspace.review.store.getState().current?.id).toBe(id);
  expect(volumesOf(workspace)).toEqual(all);
  expect(workspace.sessions.isSafe()).toBe(true);
  // The surfaces of the others were not kept: they are made again, not those of work that is there.
  let segmented = 0;
  const usual = services.segmentation.segment;
  services.segmentation.segment = (request, job) => {
    segmented += 1;
    return usual(request, job);
  };
  await workspace.phases.choose(ids[1]!);
  expect(workspace.review.store.getState().current).toBeNull();
  await workspace.phases.segmentAll();
  expect(segmented).toBe(2);
  expect(workspace.review.store.getState().current?.report.source.heartPhase?.label).toBe('90 %');
  await workspace.sessions.flush();
});

it('shows what a reader has made of another phase since', async () => {
  const { workspace, services, kept, ids, turn } = await phasesInMemory();
  await workspace.phases.segmentAll();
  await workspace.sessions.flush();
  const usual = services.meshing.recut;
  services.meshing.recut = async (request) => {
    const cut = await usual(request);
    return { ...cut, measurements: { ...cut.measurements, volumeMl: 7 } };
  };
  await workspace.phases.choose(ids[1]!);
  const { plane } = workspace.review.store.getState();
  workspace.review.movePlane({ ...plane!, pointLpsMm: [10, 20, 27] }, true);
  await workspace.review.settled();
  await turn();
  await workspace.closeAll();
  const [first, second] = [...kept.keys()];
  await workspace.restoreSession(first!);
  expect(volumesOf(workspace)).toEqual([
    ['40 %', 4],
    ['90 %', 7],
  ]);
  // With the study open, that work is what the phase shows.
  await workspace.open([]);
  await turn();
  await workspace.phases.choose(ids[1]!);
  await turn();
  await turn();
  expect(workspace.review.store.getState()).toMatchObject({
    current: { id: second },
    steps: ['Move ostium plane'],
  });
  await workspace.sessions.flush();
});

it('shows no curves of one heart beside work on another', async () => {
  const { workspace, kept, reader, turn } = await phasesInMemory();
  await workspace.phases.segmentAll();
  await workspace.closeAll();
  const other = await phasesInMemory([30, 60], '9.9');
  reader.open = other.reader.open;
  reader.load = other.reader.load;
  await workspace.open([]);
  await turn();
  await workspace.phases.segmentAll();
  expect(volumesOf(workspace)).toEqual([
    ['30 %', 3],
    ['60 %', 6],
  ]);
  await workspace.restoreSession([...kept.keys()][0]!);
  expect(volumesOf(workspace)).toEqual([
    ['40 %', 4],
    ['90 %', 9],
  ]);
  await workspace.sessions.flush();
});
