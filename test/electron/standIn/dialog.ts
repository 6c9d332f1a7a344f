import type { BrowserWindow } from './browserWindow.ts';
import { onAction, report } from './control.ts';
import { declaredOptions } from './declarations.ts';
import { ElectronRule, onlyKnown, onlyWhenReady } from './rules.ts';

/**
 * Boxes of the system: https://www.electronjs.org/docs/latest/api/dialog. The test answers them (`answer`), before or
 * after they are shown; boxes that block have to be answered before.
 */
type Method = 'showOpenDialog' | 'showMessageBox' | 'showMessageBoxSync';

const answers: { readonly method: Method; readonly value: unknown }[] = [];
const waiting: { readonly method: Method; readonly answer: (value: unknown) => void }[] = [];

const takeFirst = <T extends { readonly method: Method }>(list: T[], method: Method): T | undefined => {
  const at = list.findIndex((entry) => entry.method === method);
  return at < 0 ? undefined : list.splice(at, 1)[0];
};

onAction('answer', ({ method, value }: { method: Method; value: unknown }) => {
  const asked = takeFirst(waiting, method);
  if (asked) asked.answer(value);
  else answers.push({ method, value });
});

interface BoxOptions {
  readonly signal?: AbortSignal;
  readonly cancelId?: number;
  readonly buttons?: readonly string[];
}

/** The options, whether a window was given before them or not. */
function optionsOf(method: Method, args: readonly unknown[], declared: string): BoxOptions {
  onlyWhenReady(`dialog.${method}`);
  const options = args.at(-1);
  if (typeof options !== 'object' || options === null || args.length > 2)
    throw new ElectronRule(`dialog.${method} takes a window and options`);
  if (args.length === 2) (args[0] as BrowserWindow).getNormalBounds(); // throws where the window is gone
  onlyKnown(`dialog.${method}`, options, declaredOptions(declared));
  const { signal, ...told }: BoxOptions = options;
  report('dialog', { method, options: told });
  return options;
}

function ask(method: Method, { signal, cancelId }: BoxOptions): Promise<unknown> {
  const known = takeFirst(answers, method);
  if (known) return Promise.resolve(known.value);
  return new Promise((answer) => {
    const entry = { method, answer };
    waiting.push(entry);
    // https://www.electronjs.org/docs/latest/api/dialog#dialogshowmessageboxwindow-options, `signal`: as if cancelled.
    signal?.addEventListener('abort', () => {
      const at = waiting.indexOf(entry);
      if (at < 0) return;
      waiting.splice(at, 1);
      report('dialog-aborted', { method });
      answer({ response: cancelId ?? 0, checkboxChecked: false });
    });
  });
}

export const dialog = {
  showOpenDialog: (...args: unknown[]): Promise<unknown> =>
    ask('showOpenDialog', optionsOf('showOpenDialog', args, 'OpenDialogOptions')),
  showMessageBox: (...args: unknown[]): Promise<unknown> =>
    ask('showMessageBox', optionsOf('showMessageBox', args, 'MessageBoxOptions')),
  showMessageBoxSync(...args: unknown[]): unknown {
    optionsOf('showMessageBoxSync', args, 'MessageBoxSyncOptions');
    const known = takeFirst(answers, 'showMessageBoxSync');
    if (!known) throw new ElectronRule('A box that blocks has to be answered before it is shown');
    return known.value;
  },
  /** "This API can be called safely before the ready event the app module emits." */
  showErrorBox: (title: string, content: string): void => report('error-box', { title, content }),
};
