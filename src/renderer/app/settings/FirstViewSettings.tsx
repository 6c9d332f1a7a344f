import { useStore } from 'zustand';
import { type Settings, USUAL_FIRST_VIEW } from '#shared/contract/services/app.ts';
import { words } from '../../words/index.ts';
import type { SettingsHolder } from './settingsStore.ts';
import { LAYOUTS, WINDOW_PRESETS } from './viewChoices.ts';

/** How a scan is shown first: from the next start on, and for the scan that is shown at once. */
export function FirstViewSettings({
  settings,
  onChange,
}: {
  readonly settings: SettingsHolder;
  readonly onChange: (firstView: Settings['firstView']) => void;
}) {
  const { settings: current } = useStore(settings.store);
  const { window, layout } = current?.firstView ?? USUAL_FIRST_VIEW;
  const change = (parts: Partial<Settings['firstView']>): void => {
    const firstView = { window, layout, ...parts };
    void settings.change({ firstView });
    onChange(firstView);
  };
  return (
    <>
      <label className="switch-row">
        {words().settings.firstWindow}
        <select
          className="select"
          value={window}
          disabled={!current}
          onChange={({ target }) => {
            const chosen = WINDOW_PRESETS.find(({ key }) => key === target.value);
            if (chosen) change({ window: chosen.key });
          }}
          data-testid="settings-window"
        >
          {WINDOW_PRESETS.map(({ key, name, widthHu, centreHu }) => (
            <option key={key} value={key}>
              {`${words().windows[name]} ${widthHu}/${centreHu}`}
            </option>
          ))}
        </select>
      </label>
      <label className="switch-row">
        {words().settings.firstViews}
        <select
          className="select"
          value={layout}
          disabled={!current}
          onChange={({ target }) => {
            const chosen = LAYOUTS.find((choice) => choice === target.value);
            if (chosen) change({ layout: chosen });
          }}
          data-testid="settings-layout"
        >
          {LAYOUTS.map((choice) => (
            <option key={choice} value={choice}>
              {words().layouts[choice]}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
