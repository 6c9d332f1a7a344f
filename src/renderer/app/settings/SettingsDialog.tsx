import { useEffect } from 'react';
import { useStore } from 'zustand';
import { DEFAULT_RESOLUTION, type EngineStatus, type Settings } from '#shared/contract/services/app.ts';
import { trainingInWords } from '#shared/modelTraining.ts';
import { words } from '#shared/words/words.ts';
import { DeviceTableSettings, type Planning } from '../../features/planning/index.ts';
import {
  type ReceivedStudies,
  ReceivingSettings,
  ServerSettings,
  type Servers,
} from '../../features/servers/index.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { engineInWords } from '../../ui/valuesInWords.ts';
import { FirstViewSettings } from './FirstViewSettings.tsx';
import { LetterheadSettings } from './LetterheadSettings.tsx';
import type { SettingsHolder } from './settingsStore.ts';

const ENGINES: readonly { readonly value: Settings['engine']; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'viewer', label: 'GPU of this viewer' },
  { value: 'onnx', label: 'CPU (ONNX Runtime)' },
];

/** Only where they were chosen when the program was started or by an earlier version. */
const ENGINES_BY_NAME: typeof ENGINES = [
  { value: 'webgpu', label: 'GPU (WebGPU in Node)' },
  { value: 'cuda', label: 'GPU (CUDA)' },
];

const RESOLUTIONS: readonly { readonly value: Settings['resolution']; readonly label: string }[] = [
  { value: 128, label: 'Standard (128): as accurate, faster' },
  { value: 256, label: 'Fine (256): smoother mesh' },
];

/** Only where the settings file names it. */
const RESOLUTIONS_BY_NAME: typeof RESOLUTIONS = [{ value: 64, label: 'Coarse (64): for trials' }];

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
    <Dialog title="Settings" isOpen={isOpen} onClose={onClose} testId="settings-dialog">
      <label className="switch-row">
        Processor
        <select
          className="select"
          value={current?.engine ?? 'auto'}
          disabled={!current}
          onChange={({ target }) => {
            const chosen = ENGINES.find(({ value }) => value === target.value);
            if (chosen) void settings.change({ engine: chosen.value });
          }}
          data-testid="settings-engine"
        >
          {[...ENGINES, ...ENGINES_BY_NAME.filter(({ value }) => value === current?.engine)].map(
            ({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ),
          )}
        </select>
      </label>
      <p className="quiet" data-testid="settings-engine-status">
        {engine ? `Now: ${engineInWords(engine)}. ${engine.remarks.map(words().sentence).join(' ')}` : ' '}
      </p>
      <label className="switch-row">
        Mesh resolution
        <select
          className="select"
          value={current?.resolution ?? DEFAULT_RESOLUTION}
          disabled={!current}
          onChange={({ target }) => {
            const chosen = RESOLUTIONS.find(({ value }) => String(value) === target.value);
            if (chosen) void settings.change({ resolution: chosen.value });
          }}
          data-testid="settings-resolution"
        >
          {[...RESOLUTIONS, ...RESOLUTIONS_BY_NAME.filter(({ value }) => value === current?.resolution)].map(
            ({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ),
          )}
        </select>
      </label>
      <label className="switch-row">
        Segmentation model
        <select
          className="select"
          value={current?.fieldModel ?? ''}
          disabled={!current}
          onChange={({ target }) => void settings.change({ fieldModel: target.value || null })}
          data-testid="settings-model"
        >
          <option value="">Bundled model</option>
          {(models ?? [])
            .filter(({ kind }) => kind !== 'region')
            .map(({ id, kind }) => (
              <option key={id} value={id}>
                {kind === 'family' ? `${id} (imported)` : id}
              </option>
            ))}
        </select>
      </label>
      <label className="switch-row">
        Reviewer
        <input
          className="text-input"
          // Anew where the name was given elsewhere.
          key={current?.reviewer}
          defaultValue={current?.reviewer ?? ''}
          maxLength={200}
          disabled={!current}
          placeholder="Name or initials"
          onBlur={({ target }) => {
            const reviewer = target.value.trim();
            if (current && reviewer !== current.reviewer) void settings.change({ reviewer });
          }}
          data-testid="settings-reviewer"
        />
      </label>
      <FirstViewSettings settings={settings} onChange={onFirstView} />
      <LetterheadSettings settings={settings} />
      <ServerSettings servers={servers} />
      <ReceivingSettings received={received} />
      <DeviceTableSettings planning={planning} />
      <section className="models" aria-label="Models" data-testid="settings-models">
        <h3>Models</h3>
        {(models ?? []).map((model) => (
          <details key={model.id}>
            <summary>
              {model.id} {model.version}{' '}
              <span className="quiet">{`${model.kind}, ${trainingInWords(model)}`}</span>
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
