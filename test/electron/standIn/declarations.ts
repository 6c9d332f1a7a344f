import { readFileSync } from 'node:fs';
import process from 'node:process';

/**
 * What Electron's own declaration file (`electron.d.ts`, made from its documentation) says of the installed version: the
 * names of options and events. So the stand-in knows what that version knows, without lists of its own.
 */
const text = readFileSync(process.env.ELECTRON_DECLARATIONS ?? '', 'utf8');

/** The body of an interface or a class at the first level of the namespace, with what it extends. */
function bodyOf(name: string): { readonly parent: string | undefined; readonly body: string } {
  const start = new RegExp(`^  (?:interface|class) ${name}(?: extends (?:NodeJS\\.)?(\\w+))? \\{$`, 'm').exec(
    text,
  );
  if (!start) throw new Error(`Electron declares no ${name}`);
  const end = text.indexOf('\n  }', start.index);
  return { parent: start[1], body: text.slice(start.index, end) };
}

/** The names of all options of an interface such as `WebPreferences`, inherited ones included. */
export function declaredOptions(name: string): readonly string[] {
  const { parent, body } = bodyOf(name);
  const own = [...body.matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm)].map((match) => String(match[1]));
  return parent === undefined ? own : [...own, ...declaredOptions(parent)];
}

/** The names of all events of a class such as `BrowserWindow`. */
export function declaredEvents(name: string): readonly string[] {
  return [
    ...new Set(
      [...bodyOf(name).body.matchAll(/^ {4}on\(event: '([\w-]+)'/gm)].map((match) => String(match[1])),
    ),
  ];
}

/** The roles of a menu item. */
export function declaredRoles(): readonly string[] {
  const [, union = ''] = /^ {4}role\?: \(([^)]+)\)/m.exec(bodyOf('MenuItemConstructorOptions').body) ?? [];
  return [...union.matchAll(/'(\w+)'/g)].map((match) => String(match[1]));
}
