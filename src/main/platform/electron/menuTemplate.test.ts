import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { RESEARCH_USE_NOTICE } from '#shared/modelTraining.ts';
import { aboutText, menuTemplate } from './menuTemplate.ts';

const items = (menu: MenuItemConstructorOptions | undefined): MenuItemConstructorOptions[] =>
  Array.isArray(menu?.submenu) ? menu.submenu : [];
const roles = (menus: MenuItemConstructorOptions[]): string[] =>
  menus.flatMap((menu) => [menu, ...items(menu)]).flatMap(({ role }) => role ?? []);

describe('the menu bar', () => {
  const onAbout = vi.fn();
  const pressKey = vi.fn();
  const onCommand = vi.fn();
  const make = (isMac: boolean, isDeveloping: boolean): MenuItemConstructorOptions[] =>
    menuTemplate({ isMac, isDeveloping, onAbout, pressKey, onCommand });

  it('has File, Edit, View and Help, and the application’s own menu on a Mac', () => {
    expect(make(false, false).map(({ label }) => label)).toEqual(['&File', '&Edit', '&View', '&Help']);
    expect(make(true, false)[0]?.label).toBe('Auricle');
  });

  it('has the page do what is the page’s, by keys that stay the page’s', () => {
    for (const isMac of [false, true]) {
      const menus = make(isMac, false);
      const done = ['&File', '&Edit', '&Help'].flatMap((name) =>
        items(menus.find(({ label }) => label === name)).flatMap((item) => {
          if (!item.label || item.click === onAbout) return [];
          if (item.accelerator) expect(item.registerAccelerator, item.label).toBe(false);
          pressKey.mockClear();
          onCommand.mockClear();
          // The arguments of a click are Electron's own; these items use none of them.
          (item.click as (() => void) | undefined)?.();
          const [outcome] = [...pressKey.mock.calls, ...onCommand.mock.calls].flat();
          return [`${item.label} ${JSON.stringify(outcome)}`];
        }),
      );
      expect(done).toEqual([
        'Open folder… {"keyCode":"O","modifiers":["control"]}',
        'Open files… {"keyCode":"O","modifiers":["control","shift"]}',
        'Export… "export"',
        'Undo "undo"',
        'Redo "redo"',
        'Keys "keys"',
      ]);
    }
  });

  it('has a Window menu on a Mac, where no key without a modifier belongs to a menu', () => {
    expect(roles(make(true, false))).toContain('windowMenu');
    expect(roles(make(false, false))).not.toContain('windowMenu');
    const accelerators = make(true, false).flatMap((menu) =>
      items(menu).flatMap((item) => item.accelerator ?? []),
    );
    expect(accelerators.filter((accelerator) => !String(accelerator).includes('+'))).toEqual([]);
  });

  it('can always be quit, and text can be copied', () => {
    for (const isMac of [false, true]) {
      expect(roles(make(isMac, false))).toEqual(expect.arrayContaining(['quit', 'copy', 'togglefullscreen']));
    }
  });

  it('reloads and shows developer tools to developers only: a reload would lose work', () => {
    expect(roles(make(false, true))).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
    expect(roles(make(false, false)).filter((role) => /reload|devtools/i.test(role))).toEqual([]);
  });

  it('shows About Auricle in its last menu, with the research notice', () => {
    const about = items(make(false, false).at(-1)).find(({ label }) => label === 'About Auricle');
    expect(about?.click).toBe(onAbout);
    expect(aboutText('1.2.3')).toMatchObject({
      message: 'Auricle 1.2.3',
      detail: expect.stringContaining(RESEARCH_USE_NOTICE),
    });
  });
});
