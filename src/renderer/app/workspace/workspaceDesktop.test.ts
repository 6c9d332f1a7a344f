import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { USUAL_OPTIONS } from '../../features/export/exportOptions.ts';
import { offeredFiles } from './offeredFiles.ts';
import { workspaceInMemory } from './testing/workspaceInMemory.ts';

describe('the workspace in a desktop window', () => {
  it('says whether work is unsaved, when that changes and when a lost connection is back', async () => {
    const { workspace, unsaved, link, services, turn } = workspaceInMemory();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    expect(unsaved).toEqual([true]);
    workspace.review.judge('accepted');
    expect(unsaved).toEqual([true]);
    await workspace.sessions.flush();
    expect(unsaved).toEqual([true, false]);
    services.sessions.save = () => Promise.reject(new UserError(failure('rpc.not-connected')));
    workspace.review.judge('rejected');
    await workspace.sessions.flush();
    expect(unsaved).toEqual([true, false, true]);
    link.setState({ kind: 'trying', reason: null }, true);
    link.setState({ kind: 'connected' }, true);
    await turn();
    expect(unsaved).toEqual([true, false, true, true]);
  });

  it('opens what a person opened with the program, at the start and later, in parts', async () => {
    const { workspace, services, emit, turn } = workspaceInMemory();
    const bytes = Uint8Array.from({ length: 10 }, (_, at) => at);
    const asked: string[] = [];
    const info = { id: 'a', path: 'CT/1.dcm', sizeBytes: bytes.length };
    services.opening.take = () => Promise.resolve({ files: [info] });
    services.opening.read = ({ fromByte, mostBytes = 10 }) => {
      asked.push(`${fromByte} ${mostBytes}`);
      return Promise.resolve({ bytes: bytes.slice(fromByte, fromByte + Math.min(4, mostBytes)) });
    };
    await workspace.start();
    await turn();
    // Whoever reads the study asks for what it needs.
    expect(asked).toEqual([]);
    const [file] = offeredFiles(services, [info]);
    if (file === undefined || file.blob instanceof Blob) throw new Error('It is distant.');
    expect(await file.blob.read(1, 7)).toEqual(bytes.slice(1, 7));
    expect(await file.blob.read(6, 20)).toEqual(bytes.slice(6));
    expect(asked).toEqual(['1 6', '5 2', '6 14', '10 10']);
    expect(file.blob.sizeBytes).toBe(10);
    expect(workspace.studies.store.getState().study).not.toBeNull();
    await workspace.closeAll();
    emit('opened', {});
    await turn();
    expect(workspace.studies.store.getState().study).not.toBeNull();
  });

  it('says what of a received series cannot be read', async () => {
    const { workspace, services, reader } = workspaceInMemory();
    services.receiving.open = () => Promise.resolve({ files: [{ id: 'a', path: '1.dcm', sizeBytes: 1 }] });
    services.opening.read = () =>
      Promise.reject(new UserError(failure('files.unreadable', { fileName: '1.dcm' })));
    const openAny = reader.open;
    reader.open = async (files, job) => {
      const [file] = files;
      if (file !== undefined && !(file.blob instanceof Blob)) await file.blob.read(0, 1);
      return openAny(files, job);
    };
    await workspace.openReceived('1.2.3');
    expect(workspace.alerts.store.getState().alerts).toMatchObject([
      { message: 'The file 1.dcm cannot be read.' },
    ]);
    expect(workspace.studies.store.getState().study).toBeNull();
  });

  it('keeps the choices of an export and the notice that was seen with the settings', async () => {
    const first = workspaceInMemory();
    await first.workspace.start();
    await first.workspace.settings.change({ acknowledgedNotice: 'Research.' });
    expect(first.settings()).toMatchObject({ acknowledgedNotice: 'Research.', engine: 'auto' });
    const later = workspaceInMemory();
    await later.workspace.settings.change({ exportOptions: { ...USUAL_OPTIONS, frame: 'RAS' } });
    await later.workspace.start();
    expect(later.workspace.exporting.store.getState().options.frame).toBe('RAS');
  });

  it('begins with the window and the views that a person chose', async () => {
    const { workspace } = workspaceInMemory();
    await workspace.settings.change({ firstView: { window: '4', layout: 'axial' } });
    await workspace.start();
    expect(workspace.view.store.getState()).toMatchObject({
      layout: 'axial',
      window: { widthHu: 2500, centreHu: 480, inverted: false },
    });
  });

  it('passes on what a person chooses in the menu', () => {
    const { workspace, emit } = workspaceInMemory();
    const commands: string[] = [];
    workspace.onMenu((command) => commands.push(command));
    emit('menu', { command: 'undo' });
    expect(commands).toEqual(['undo']);
  });
});
