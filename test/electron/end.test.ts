import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Application } from './standIn/launch.ts';
import { clientOf, createDesktop, type Desktop } from './testing/desktop.ts';

/** How the built program ends, on a stand-in that holds Electron's rules of quitting. */
let desktop: Desktop;
beforeAll(async () => {
  desktop = await createDesktop();
});
afterAll(() => desktop.free());

/** What was reported from a name on. */
const since = (application: Application, name: string): string[] =>
  application.names().slice(application.names().indexOf(name));

describe('the end', () => {
  it('waits for work that is not saved, then for threads, and asks each place again', async () => {
    const home = desktop.newHome({ networks: true });
    const application = desktop.start({ home });
    await application.saw('page-port');
    await application.act('setUnsaved', { value: true });
    await application.act('quit');
    await application.saw('quit-cancelled', 3);
    // Where the window was is written when it is gone, not with every attempt.
    const place = join(home, 'share/auricle/desktop/window.json');
    expect(statSync(place, { throwIfNoEntry: false })).toBeUndefined();
    await application.act('setUnsaved', { value: false });
    expect(await application.exited).toBe(0);
    expect(JSON.parse(readFileSync(place, 'utf8'))).toMatchObject({ isMaximized: false });
    const names = since(application, 'before-quit');
    const attempt = ['before-quit', 'close', 'will-prevent-unload', 'quit-cancelled'];
    expect(names.slice(0, 8)).toEqual([...attempt, ...attempt]);
    const closed = names.indexOf('closed');
    expect(names.slice(closed)).toEqual(['closed', 'will-quit', 'before-quit', 'will-quit', 'quit']);
    const willQuit = application.reports.filter(({ name }) => name === 'will-quit');
    expect(willQuit.map(({ details }) => details)).toEqual([{ prevented: true }, { prevented: false }]);
  });

  it('follows the last window, except on a Mac, where the window opens again', async () => {
    const application = desktop.start({ home: desktop.newHome() });
    await application.saw('page-port');
    await application.act('close');
    expect(await application.exited).toBe(0);
    expect(since(application, 'close').slice(0, 4)).toEqual([
      'close',
      'closed',
      'window-all-closed',
      'before-quit',
    ]);

    const home = desktop.newHome();
    const onMac = desktop.start({ home, platform: 'darwin' });
    await onMac.saw('page-port');
    await onMac.act('close');
    await onMac.saw('window-all-closed');
    expect(await onMac.act('state')).toMatchObject({ windows: 0 });
    await onMac.act('activate');
    await onMac.saw('window', 2);
    await onMac.saw('page-port', 2);
    await onMac.act('close');
    await onMac.saw('window-all-closed', 2);
    // A second start leaves at once and has the first one show its window.
    const second = desktop.start({ home, platform: 'darwin' });
    expect(await second.exited).toBe(0);
    expect(second.names()).not.toContain('window');
    await onMac.saw('window', 3);
    await onMac.act('minimize');
    await onMac.act('secondInstance', { additionalData: { paths: [] } });
    await onMac.saw('restore');
    await onMac.act('quit');
    expect(await onMac.exited).toBe(0);
  });

  it('starts again for a second start that came while it was under way', async () => {
    const application = desktop.start({
      home: desktop.newHome(),
      switches: { 'no-sandbox': '' },
      args: ['first'],
      env: { APPIMAGE: '/x/Auricle' },
    });
    await application.saw('page-port');
    await application.act('setUnsaved', { value: true });
    await application.act('quit');
    await application.act('secondInstance', { additionalData: { paths: ['/scans/CT'] } });
    await application.act('setUnsaved', { value: false });
    expect(await application.exited).toBe(0);
    expect(application.names()).not.toContain('focus');
    expect((await application.saw('relaunch')).details).toEqual({
      args: ['--no-sandbox', '/scans/CT'],
      execPath: '/x/Auricle',
    });
  });

  it('stays away where the person keeps a window whose work cannot be saved, and shows a second start then', async () => {
    const application = desktop.start({ home: desktop.newHome() });
    // Beside it, one whose work the person gives up.
    const givenUp = desktop.start({ home: desktop.newHome() });
    await Promise.all(
      [application, givenUp].map(async (each, value) => {
        await each.saw('page-port');
        await each.act('answer', { method: 'showMessageBoxSync', value });
        await each.act('setUnsaved', { value: true });
        await each.act('quit');
      }),
    );
    await application.act('secondInstance', { additionalData: { paths: [] } });
    // After eight seconds the person is asked.
    await application.saw('focus');
    expect((await application.saw('dialog')).details).toMatchObject({
      method: 'showMessageBoxSync',
      options: { message: 'Your last changes could not be saved.' },
    });
    await application.act('setUnsaved', { value: false });
    await application.act('close');
    expect(await application.exited).toBe(0);
    expect(application.names()).not.toContain('relaunch');
    expect(await givenUp.exited).toBe(0);
    expect(since(givenUp, 'dialog')).toEqual(
      expect.arrayContaining(['dialog', 'will-prevent-unload', 'closed', 'quit']),
    );
    expect(givenUp.names().filter((name) => name === 'dialog')).toHaveLength(1);
  });

  it('of Windows’ session is held for unsaved work, and only for that', async () => {
    const application = desktop.start({ home: desktop.newHome(), platform: 'win32' });
    const { services } = await clientOf(application);
    await services.app.unsaved({ hasUnsavedWork: true });
    await application.act('setUnsaved', { value: true });
    expect(await application.act('endSession')).toBe('held');
    await application.saw('will-prevent-unload');
    await application.act('setUnsaved', { value: false });
    expect(await application.exited).toBe(0);
    expect(application.names().at(-1)).toBe('quit');

    const home = desktop.newHome();
    const saved = desktop.start({ home, platform: 'win32' });
    await saved.saw('page-port');
    expect(await saved.act('endSession')).toBe('ended');
    await saved.exited;
    // Neither `before-quit` nor `will-quit` comes; where the window was is kept all the same.
    expect(saved.names()).not.toContain('before-quit');
    const local = `${join(home, 'Local')}\\Auricle`.replaceAll('/', '\\');
    expect(statSync(join(home, local, 'desktop', 'window.json')).size).toBeGreaterThan(0);
  });
});

describe('trouble with the page', () => {
  it('is asked about and repaired: crashed, not loaded, hanging', async () => {
    const application = desktop.start({ home: desktop.newHome() });
    await application.saw('page-port');
    const answer = (response: number): Promise<unknown> =>
      application.act('answer', { method: 'showMessageBox', value: { response, checkboxChecked: false } });

    await application.act('crash', { reason: 'oom' });
    await answer(0);
    await application.saw('page-port', 2);
    const { services } = await clientOf(application, 2);
    expect(await services.app.info({})).toMatchObject({ target: 'electron' });

    // Only the page itself counts, and no load that another replaced.
    await application.act('failLoad', { code: -3, isMainFrame: true });
    await application.act('failLoad', { code: -6, isMainFrame: false });
    expect(application.names().filter((name) => name === 'dialog')).toHaveLength(1);
    await application.act('failLoad', { code: -6, isMainFrame: true });
    await answer(0);
    await application.saw('page-port', 3);

    // A page that goes on by itself takes the question away.
    await application.act('hang');
    await application.act('recover');
    await application.saw('dialog-aborted');
    await application.act('hang');
    await answer(1);
    await application.saw('page-port', 4);
    const messages = application.reports
      .filter(({ name }) => name === 'dialog')
      .map(({ details }) => details.options);
    expect(messages).toMatchObject([
      { message: 'The window stopped unexpectedly.' },
      { message: 'The window’s page could not be loaded.', detail: 'The system says: ERR_FAILED -6.' },
      { message: 'The window does not respond.' },
      { message: 'The window does not respond.' },
    ]);

    await application.act('crash', { reason: 'crashed' });
    await answer(1);
    expect(await application.exited).toBe(0);
    expect(application.names()).not.toContain('unhandled-rejection');
  });
});
