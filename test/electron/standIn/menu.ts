import { app } from './app.ts';
import { BrowserWindow } from './browserWindow.ts';
import { onAction, report } from './control.ts';
import { declaredOptions, declaredRoles } from './declarations.ts';
import { ElectronRule, onlyKnown, onlyWhenReady } from './rules.ts';

/** https://www.electronjs.org/docs/latest/api/menu and https://www.electronjs.org/docs/latest/api/menu-item */
interface Item {
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly Item[];
  readonly click?: (item: Item, window: BrowserWindow | null, event: object) => void;
}

/** https://www.electronjs.org/docs/latest/tutorial/keyboard-shortcuts#accelerators: modifiers, then one key. */
const ACCELERATOR =
  /^((CmdOrCtrl|CommandOrControl|Cmd|Command|Ctrl|Control|Alt|Option|AltGr|Shift|Super|Meta)\+)*([A-Z0-9]|F\d+|Plus|Space|Tab|Esc|Escape|Return|Enter|Delete|Up|Down|Left|Right|[?/.,;'\\[\]=-])$/;

function check(item: Item): void {
  onlyKnown('A menu item', item, declaredOptions('MenuItemConstructorOptions'));
  const { role, label, type, accelerator, submenu } = item;
  if (role !== undefined && !declaredRoles().includes(role))
    throw new ElectronRule(`There is no role ${role}`);
  // "Invalid submenu for …" and "menu items need a label, a role or a type" are errors of Electron's own.
  if (role === undefined && label === undefined && type !== 'separator')
    throw new ElectronRule('A menu item has a role, a label or is a separator');
  if (accelerator !== undefined && !ACCELERATOR.test(accelerator))
    throw new ElectronRule(`${accelerator} is no accelerator`);
  for (const inner of submenu ?? []) check(inner);
}

const nameOf = ({ label, role }: Item): string => label?.replaceAll('&', '') ?? role ?? '';

let applicationMenu: Menu | null = null;

export class Menu {
  private constructor(readonly items: readonly Item[]) {}

  static buildFromTemplate(template: readonly Item[]): Menu {
    for (const item of template) check(item);
    return new Menu(template);
  }
  static setApplicationMenu(menu: Menu | null): void {
    onlyWhenReady('Menu.setApplicationMenu');
    applicationMenu = menu;
  }
  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }
}

/** What Electron does for a role that Auricle uses; the others are only reported. */
function actForRole(role: string): void {
  report('role', { role });
  const window = BrowserWindow.getFocusedWindow();
  if (role === 'quit') app.quit();
  else if (role === 'close') window?.close();
  else if (role === 'reload') window?.webContents.reload();
}

onAction('menu', ({ path }: { path: readonly string[] }) => {
  let items = applicationMenu?.items ?? [];
  let chosen: Item | undefined;
  for (const name of path) {
    chosen = items.find((item) => nameOf(item) === name || item.role === name);
    if (!chosen) throw new Error(`There is no ${name} among ${items.map(nameOf).join(', ')}`);
    items = chosen.submenu ?? [];
  }
  if (chosen?.click) chosen.click(chosen, BrowserWindow.getFocusedWindow(), {});
  else if (chosen?.role) actForRole(chosen.role);
});

onAction('menuItems', () =>
  (applicationMenu?.items ?? []).map((menu) => ({
    name: nameOf(menu),
    role: menu.role,
    items: (menu.submenu ?? []).map(nameOf).filter((name) => name !== ''),
  })),
);
