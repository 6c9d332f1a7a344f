import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESH_FORMATS } from '#shared/contract/services/exporting.ts';
import type { Application } from './standIn/launch.ts';
import { clientOf, createDesktop, type Desktop } from './testing/desktop.ts';

/** What the built program does for its page, on the stand-in. */
let desktop: Desktop;
beforeAll(async () => {
  desktop = await createDesktop();
});
afterAll(() => desktop.free());

const pathsTaken = async (application: Application, count = 1): Promise<string[]> => {
  const { services } = await clientOf(application, count);
  return (await services.opening.take({})).files.map(({ path }) => path);
};

describe('the page', () => {
  it('gets a port, over which files are saved where a person chooses', async () => {
    const home = desktop.newHome();
    const application = desktop.start({ home });
    const { services } = await clientOf(application);
    expect(await services.app.info({})).toMatchObject({ target: 'electron', canSaveFiles: true });
    const files = [{ name: 'laa.stl', bytes: Uint8Array.of(1, 2) }];
    await application.act('answer', {
      method: 'showOpenDialog',
      value: { canceled: false, filePaths: [home] },
    });
    expect(await services.exporting.save({ files })).toMatchObject({ kind: 'saved', count: 1 });
    expect(readdirSync(home)).toContain('laa.stl');
    await application.act('answer', { method: 'showOpenDialog', value: { canceled: true, filePaths: [] } });
    expect(await services.exporting.save({ files })).toEqual({ kind: 'dismissed' });
    expect((await application.saw('dialog')).details).toMatchObject({
      method: 'showOpenDialog',
      options: { properties: ['openDirectory', 'createDirectory'] },
    });

    // The choices and the notice outlive the page's session, which lives in memory.
    const exportOptions = {
      products: ['wall' as const],
      meshFormats: [...MESH_FORMATS],
      maskFormats: [],
      documents: [],
      frame: 'RAS' as const,
      shellThicknessMm: 2,
    };
    await services.app.changeSettings({ exportOptions });
    await services.app.changeSettings({ acknowledgedNotice: 'Seen.' });
    await application.act('quit');
    await application.exited;
    const again = desktop.start({ home });
    const { services: later } = await clientOf(again);
    expect(await later.app.settings({})).toMatchObject({ exportOptions, acknowledgedNotice: 'Seen.' });
    again.kill();
  });

  it('does what a person chooses in the menu', async () => {
    const application = desktop.start({ home: desktop.newHome() });
    const client = await clientOf(application);
    const commands: string[] = [];
    client.on('menu', ({ command }) => commands.push(command));
    for (const path of [
      ['Edit', 'Undo'],
      ['Edit', 'Redo'],
      ['File', 'Export…'],
      ['Help', 'Keys'],
    ])
      await application.act('menu', { path });
    await client.services.app.info({});
    expect(commands).toEqual(['undo', 'redo', 'export', 'keys']);
    // A chooser opens for a key only.
    await application.act('menu', { path: ['File', 'Open folder…'] });
    expect((await application.saw('input')).details).toMatchObject({ keyCode: 'O', modifiers: ['control'] });
    await application.act('menu', { path: ['Help', 'About Auricle'] });
    expect((await application.saw('dialog')).details).toMatchObject({ method: 'showMessageBox' });
    await application.act('menu', { path: ['File', 'quit'] });
    expect(await application.exited).toBe(0);
  });
});

describe('what a person opens with the program', () => {
  it('reaches the page: as an argument, and by a second start', async () => {
    const home = desktop.newHome();
    mkdirSync(join(home, 'CT'));
    for (const name of ['1.dcm', '2.dcm']) writeFileSync(join(home, 'CT', name), name);
    writeFileSync(join(home, 'disc.zip'), 'zip');
    const application = desktop.start({ home, args: ['CT'] });
    const client = await clientOf(application);
    const { files } = await client.services.opening.take({});
    expect(files.map(({ path }) => path)).toEqual(['CT/1.dcm', 'CT/2.dcm']);
    const { bytes } = await client.services.opening.read({ id: files[1]?.id ?? '', fromByte: 0 });
    expect(Buffer.from(bytes).toString()).toBe('2.dcm');

    const opened = new Promise<void>((resolve) => void client.on('opened', () => resolve()));
    expect(await desktop.start({ home, args: ['disc.zip'] }).exited).toBe(0);
    await opened;
    expect((await client.services.opening.take({})).files.map(({ path }) => path)).toEqual(['disc.zip']);
    application.kill();
  });

  it('reaches it on a Mac by its icon, where no window is open too', async () => {
    const home = desktop.newHome();
    writeFileSync(join(home, '1.dcm'), '');
    writeFileSync(join(home, 'notes.zip'), '');
    const application = desktop.start({ home, platform: 'darwin' });
    await application.saw('page-port');
    await application.act('close');
    await application.saw('window-all-closed');
    // One of a series by itself means the series.
    expect(await application.act('openFile', { path: join(home, '1.dcm') })).toBe(true);
    await application.saw('page-port', 2);
    expect(await pathsTaken(application, 2)).toEqual(['1.dcm']);
    expect(await application.act('menuItems')).toMatchObject([
      { name: 'Auricle' },
      { name: 'File' },
      { name: 'Edit' },
      { name: 'View' },
      { role: 'windowMenu' },
      { name: 'Help' },
    ]);
    application.kill();
  });
});
