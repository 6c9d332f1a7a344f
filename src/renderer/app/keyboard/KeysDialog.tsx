import { Dialog } from '../../ui/Dialog.tsx';
import { shownKey, type UsualKey } from '../../ui/pageKeys.ts';
import { type Catalogue, words } from '../../words/index.ts';

const KEY_HELP: readonly {
  readonly group: keyof Catalogue['keyGroups'];
  readonly keys: readonly (keyof Catalogue['keyDoes'])[];
}[] = [
  { group: 'appendage', keys: ['segment', 'surface', 'original', 'verdict', 'export'] },
  {
    group: 'image',
    keys: [
      'presets',
      'invert',
      'reset',
      'scroll',
      'zoom',
      'window',
      'pan',
      'turn',
      'fingers',
      'rendering',
      'cine',
      'phase',
      'panes',
    ],
  },
  {
    group: 'tools',
    keys: [
      'pointers',
      'pens',
      'brushSize',
      'draw',
      'measure',
      'handles',
      'moveHandle',
      'delete',
      'moveCrosshair',
      'ostium',
      'tiltOstium',
      'device',
      'tiltDevice',
      'cArm',
    ],
  },
  { group: 'anywhere', keys: ['openFolder', 'openFiles', 'undo', 'redo', 'cancel', 'help'] },
];

/** The keys of a row that a person can change, as they are usually. */
const CHANGEABLE_ROWS: Partial<Record<keyof Catalogue['keyDoes'], readonly UsualKey[]>> = {
  segment: ['s'],
  surface: ['m'],
  original: ['o'],
  verdict: ['a', 'r'],
  invert: ['i'],
  rendering: ['v'],
  cine: ['/'],
  panes: ['l'],
  pointers: ['c', 'w', 'p', 'z'],
  pens: ['b', 'e', 'x'],
  brushSize: ['[', ']'],
  draw: ['d'],
  measure: ['-', 'y', 'q', 'g', 't'],
  ostium: ['n', 'f'],
  tiltOstium: ['h', 'k', 'u', 'j'],
  device: ['<', '>'],
  cArm: ['6'],
  tiltDevice: ['7', '8', '9', '0'],
};

/** The keys of a row as they are now. */
function keysOf(row: keyof Catalogue['keyDoes']): string {
  const keys = (CHANGEABLE_ROWS[row] ?? []).map((key) => shownKey(key)).join(' ');
  const names: Partial<Record<string, string | ((key: string) => string)>> = words().keyNames;
  const name = names[row];
  return typeof name === 'function' ? name(keys) : (name ?? keys);
}

/** What the keys and the mouse do, in groups; `keyMap.ts` is what they do. */
export function KeysDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Dialog title={words().keyboard.title} isOpen={isOpen} onClose={onClose} testId="keys-dialog">
      <div className="keys-grid">
        {KEY_HELP.map(({ group, keys }) => (
          <section key={group} aria-label={words().keyGroups[group]}>
            <h3>{words().keyGroups[group]}</h3>
            <dl className="keys">
              {keys.map((key) => (
                <div key={key}>
                  <dt>
                    <kbd>{keysOf(key)}</kbd>
                  </dt>
                  <dd>{words().keyDoes[key]}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
