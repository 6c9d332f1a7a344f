import { Dialog } from '../../ui/Dialog.tsx';
import { type Catalogue, words } from '../../words/index.ts';

const KEY_HELP: readonly {
  readonly group: keyof Catalogue['keyGroups'];
  readonly keys: readonly (keyof Catalogue['keyNames'])[];
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
    ],
  },
  { group: 'anywhere', keys: ['openFolder', 'openFiles', 'undo', 'redo', 'cancel', 'help'] },
];

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
                    <kbd>{words().keyNames[key]}</kbd>
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
