import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import {
  CHANGEABLE_KEYS,
  shownKey,
  soundKeys,
  USUAL_KEYS,
  type UsualKey,
  whyNoKey,
  withKey,
} from '../../ui/pageKeys.ts';
import { words } from '../../words/index.ts';
import type { SettingsHolder } from './settingsStore.ts';

/** A key that was refused; worded where it is shown, so that it follows the language. */
interface RefusedKey {
  readonly name: string;
  readonly why: NonNullable<ReturnType<typeof whyNoKey>>;
}

function refusalInWords({ name, why }: RefusedKey): string {
  const { keySettings, keyActions } = words();
  return why === 'fixed' ? keySettings.fixed(name) : keySettings.taken(name, keyActions[why.takenBy]);
}

/** The keys of commands: an action is pressed, then its new key. A key that is taken is refused. */
export function KeySettings({ settings }: { readonly settings: SettingsHolder }) {
  const { settings: current } = useStore(settings.store);
  const [waiting, setWaiting] = useState<UsualKey | null>(null);
  const [refused, setRefused] = useState<RefusedKey | null>(null);
  const changed = soundKeys(current?.keys ?? {});
  const press = (event: KeyboardEvent): void => {
    if (waiting === null || ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'Tab'].includes(event.key))
      return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      setWaiting(null);
      return;
    }
    const key = event.key.toLowerCase();
    const why = whyNoKey(waiting, key, changed);
    if (why) {
      setRefused({ name: event.key.length === 1 ? shownKey(event.key) : event.key, why });
      return;
    }
    setRefused(null);
    setWaiting(null);
    void settings.change({ keys: { ...withKey(waiting, key, changed) } });
  };
  return (
    <section aria-label={words().keySettings.title} data-testid="key-settings">
      <h3>{words().keySettings.title}</h3>
      <details>
        <summary data-testid="key-settings-open">{words().keySettings.change}</summary>
        <p className="quiet">{words().keySettings.hint}</p>
        {refused === null ? null : (
          <p className="withheld" role="alert" data-testid="key-problem">
            {refusalInWords(refused)}
          </p>
        )}
        <dl className="keys key-choices">
          {USUAL_KEYS.map((usual) => {
            const action = words().keyActions[CHANGEABLE_KEYS[usual]];
            const shown = shownKey(usual, changed);
            return (
              <div key={usual}>
                <dt>
                  <Button
                    disabled={!current}
                    aria-pressed={waiting === usual}
                    aria-label={words().keySettings.of(action, shown)}
                    onClick={() => {
                      setRefused(null);
                      setWaiting(waiting === usual ? null : usual);
                    }}
                    onKeyDown={press}
                    onBlur={() => setWaiting(null)}
                    data-testid={`key-${CHANGEABLE_KEYS[usual]}`}
                  >
                    {waiting === usual ? words().keySettings.press : shown}
                  </Button>
                </dt>
                <dd>{action}</dd>
              </div>
            );
          })}
        </dl>
        <Button
          disabled={Object.keys(changed).length === 0}
          onClick={() => {
            setRefused(null);
            void settings.change({ keys: {} });
          }}
          data-testid="keys-reset"
        >
          {words().keySettings.reset}
        </Button>
      </details>
    </section>
  );
}
