import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { workspaceInMemory } from './testing/workspaceInMemory.ts';

describe('workspace without a connection', () => {
  it('keeps the work while there is no connection, says once what to do, and saves when it is back', async () => {
    const { workspace, services, link, retries, kept, trail, turn } = workspaceInMemory();
    const alerts = () => workspace.alerts.store.getState().alerts.map(({ message }) => message);
    await workspace.start();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    const { save } = services.sessions;
    const { audit, info } = services.app;
    services.sessions.save = () => Promise.reject(new UserError(failure('rpc.not-connected')));
    services.app.audit = () => Promise.reject(new UserError(failure('rpc.not-connected')));
    link.setState({ kind: 'trying', reason: null }, true);
    expect(workspace.about.getState().link).toBe('trying');
    expect(alerts()).toEqual([]);
    for (let attempt = 0; attempt < 3; attempt++) {
      link.setState({ kind: 'waiting', reason: failure('page.engine-unreachable') }, true);
      link.setState({ kind: 'trying', reason: failure('page.engine-unreachable') }, true);
    }
    expect(alerts()).toEqual(["Auricle's engine cannot be reached. Start Auricle again."]);
    workspace.review.judge('accepted');
    await workspace.sessions.flush();
    expect(workspace.sessions.store.getState().save).toEqual({
      kind: 'failed',
      failure: failure('rpc.not-connected'),
    });
    workspace.reconnect();
    expect(retries()).toBe(1);
    const recorded = trail.length;
    services.sessions.save = save;
    services.app.audit = audit;
    services.app.info = async (params) => ({
      ...(await info(params)),
      engine: { state: 'starting', id: 'onnx', device: '', remarks: [] },
    });
    link.setState({ kind: 'connected' }, true);
    await turn();
    await turn();
    expect(alerts()).toEqual([]);
    expect(workspace.about.getState()).toMatchObject({ link: 'connected', engine: { state: 'starting' } });
    expect(workspace.sessions.store.getState().save.kind).toBe('saved');
    expect(kept.size).toBe(1);
    expect(trail.slice(recorded)).toEqual(['edit', 'review']);
  });

  it('looks for the appendage again where the connection was lost meanwhile', async () => {
    const { workspace, services, link, turn } = workspaceInMemory();
    const { findRegion } = services.segmentation;
    services.segmentation.findRegion = () => Promise.reject(new UserError(failure('rpc.connection-lost')));
    await workspace.open([]);
    await turn();
    expect(workspace.regions.store.getState().status).toBe('notFound');
    services.segmentation.findRegion = findRegion;
    link.setState({ kind: 'trying', reason: null }, true);
    link.setState({ kind: 'connected' }, true);
    await turn();
    expect(workspace.regions.store.getState().status).toBe('found');
  });

  it('says once that the audit trail cannot be written, and goes on', async () => {
    const { workspace, services, turn } = workspaceInMemory();
    services.app.audit = () =>
      Promise.reject(
        new UserError(
          failure('stored.sentence', { sentence: 'The audit trail could not be saved: the disk is full.' }),
        ),
      );
    await workspace.open([]);
    await turn();
    await workspace.segment();
    await turn();
    const alerts = workspace.alerts.store.getState().alerts;
    expect(alerts).toMatchObject([
      {
        kind: 'notice',
        message: 'The audit trail could not be saved: the disk is full. You can continue without it.',
      },
    ]);
    workspace.alerts.dismiss(alerts[0]!.id);
    workspace.review.judge('accepted');
    await turn();
    expect(workspace.alerts.store.getState().alerts).toEqual([]);
    await workspace.sessions.flush();
  });
});
