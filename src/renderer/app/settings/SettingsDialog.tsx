import { useEffect } from 'react';
import { useStore } from 'zustand';
import { DEFAULT_RESOLUTION, type EngineStatus, type Settings } from '#shared/contract/services/app.ts';
import { trainingInWords } from '#shared/modelTraining.ts';
import { DeviceTableSettings, type Planning } from '../../features/planning/index.ts';
import {
  type ReceivedStudies,
  ReceivingSettings,
  ServerSettings,
  type Servers,
} from '../../features/servers/index.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { engineInWords } from '../../ui/valuesInWords.ts';
import { words } from '../../words/index.ts';
import { FirstViewSettings } from './FirstViewSettings.tsx';
import { KeySettings } from './KeySettings.tsx';
import { LetterheadSettings } from './LetterheadSettings.tsx';
import type { SettingsHolder } from './settingsStore.ts';

const LANGUAGES = ['automatic', 'en', 'de'] as const satisfies readonly Settings['language'][];

const ENGINES = ['auto', 'viewer', 'onnx'] as const satisfies readonly Settings['engine'][];

/** Only where they were chosen when the program was started or by an earlier version. */
const ENGINES_BY_NAME = ['webgpu', 'cuda'] as const satisfies readonly Settings['engine'][];

const RESOLUTIONS = [128, 256] as const satisfies readonly Settings['resolution'][];

/** Only where the settings file names it. */
const RESOLUTIONS_BY_NAME = [64] as const satisfies readonly Settings['resolution'][];

interface SettingsDialogProps {
  readonly settings: SettingsHolder;
  readonly servers: Servers;
  readonly received: ReceivedStudies;
  readonly planning: Planning;
  readonly engine: EngineStatus | null;
  readonly version: string;
  readonly isOpen: boolean;
  readonly onFirstView: (firstView: Settings['firstView']) => void;
  readonly onClose: () => void;
}

export function SettingsDialog(props: SettingsDialogProps) {
  const { settings, servers, received, planning, engine, version, isOpen, onFirstView, onClose } = props;
  const { settings: current, models } = useStore(settings.store);
  useEffect(() => {
    if (!isOpen) return;
    void settings.refresh();
    void planning.loadTables();
  }, [isOpen, settings, planning]);
  return (
    <Dialog title={words().common.settings} isOpen={isOpen} onClose={onClose} testId="settings-dialog">
      <label className="switch-row">
        {words().settings.language}
        <select
          className="select"
          value={current?.language ?? 'automatic'}
          disabled={!current}
          onChange={({ target }) => {
            const chosen = LANGUAGES.find((value) => value === target.value);
            if (chosen) void settings.change({ language: chosen });
          }}
          data-testid="settings-language"
        >
          {LANGUAGES.map((value) => (
            <option key={value} value={value} lang={value === 'automatic' ? undefined : value}>
              {words().languages[value]}
            </option>
          ))}
        </select>
      </label>
      <p className="quiet">{words().settings.languageOfFiles}</p>
      <label className="switch-row">
        {words().settings.processor}
        <select
          className="select"
          value={current?.engine ?? 'auto'}
          disabled={!current}
          onChange={({ target }) => {
            const chosen = ENGINES.find((value) => value === target.value);
            if (chosen) void settings.change({ engine: chosen });
          }}
          data-testid="settings-engine"
        >
          {[...ENGINES, ...ENGINES_BY_NAME.filter((value) => value === current?.engine)].map((value) => (
            <option key={value} value={value}>
              {words().engines[value]}
            </option>
          ))}
        </select>
      </label>
      <p className="quiet" data-testid="settings-engine-status">
        {engine
          ? `${words().settings.now(engineInWords(engine))} ${engine.remarks.map(words().sentence).join(' ')}`
          : ' '}
      </p>
      <label className="switch-row">
        {words().settings.resolution}
        <select
          className="select"
          value={current?.resolution ?? DEFAULT_RESOLUTION}
          disabled={!current}
          onChange={({ target }) => {
            const chosen = RESOLUTIONS.find((value) => String(value) === target.value);
            if (chosen) void settings.change({ resolution: chosen });
          }}
          data-testid="settings-resolution"
        >
          {[...RESOLUTIONS, ...RESOLUTIONS_BY_NAME.filter((value) => value === current?.resolution)].map(
            (value) => (
              <option key={value} value={value}>
                {words().resolutions[value]}
              </option>
            ),
          )}
        </select>
      </label>
      <label className="switch-row">
        {words().settings.model}
        <select
          className="select"
          value={current?.fieldModel ?? ''}
          disabled={!current}
          onChange={({ target }) => void settings.change({ fieldModel: target.value || null })}
          data-testid="settings-model"
        >
          <option value="">{words().settings.bundled}</option>
          {(models ?? [])
            .filter(({ kind }) => kind !== 'region' && kind !== 'surroundings')
            .map(({ id, kind }) => (
              <option key={id} value={id}>
                {kind === 'family' ? words().settings.imported(id) : id}
              </option>
            ))}
        </select>
      </label>
      <label className="switch-row">
        {words().settings.reviewer}
        <input
          className="text-input"
          // Anew where the name was given elsewhere.
          key={current?.reviewer}
          defaultValue={current?.reviewer ?? ''}
          maxLength={200}
          disabled={!current}
          placeholder={words().common.nameOrInitials}
          onBlur={({ target }) => {
            const reviewer = target.value.trim();
            if (current && reviewer !== current.reviewer) void settings.change({ reviewer });
          }}
          data-testid="settings-reviewer"
        />
      </label>
      <FirstViewSettings settings={settings} onChange={onFirstView} />
      <KeySettings settings={settings} />
      <LetterheadSettings settings={settings} />
      <ServerSettings servers={servers} />
      <ReceivingSettings received={received} />
      <DeviceTableSettings planning={planning} />
      <section className="models" aria-label={words().settings.models} data-testid="settings-models">
        <h3>{words().settings.models}</h3>
        {(models ?? []).map((model) => (
          <details key={model.id}>
            <summary>
              {model.id} {model.version}{' '}
              <span className="quiet">{`${words().modelKinds[model.kind]}, ${words().recorded(trainingInWords(model))}`}</span>
            </summary>
            <p className="quiet selectable digest">SHA-256 {model.sha256}</p>
            <pre className="card selectable">{model.card}</pre>
          </details>
        ))}
      </section>
      <p className="quiet">Auricle {version}</p>
    </Dialog>
  );
}
