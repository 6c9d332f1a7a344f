import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RESOLUTION, type Settings, settingsSchema } from '#shared/contract/services/app.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { isMissing, storeFile } from './storedFile.ts';

export const DEFAULT_SETTINGS: Settings = { engine: 'auto', resolution: DEFAULT_RESOLUTION };

export interface SettingsStore {
  /** As they are kept; the defaults where there are none or they were damaged. */
  current(): Settings;
  /** Throws a UserError where they cannot be written; then the old ones hold. */
  change(settings: Settings): Promise<Settings>;
}

/** The settings as a JSON file, read once at the start. `onNotice` is called where it is damaged. */
export function createSettings(dataFolder: string, onNotice: (what: Failure) => void): SettingsStore {
  const file = join(dataFolder, 'settings.json');
  let current = readSettings(file, onNotice);
  return {
    current: () => current,
    async change(settings) {
      await storeFile(file, `${JSON.stringify(settings, null, 2)}\n`, 'settings');
      current = settings;
      return settings;
    },
  };
}

function readSettings(file: string, onNotice: (what: Failure) => void): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (!isMissing(thrown)) onNotice(failure('storage.settings-unreadable'));
    return DEFAULT_SETTINGS;
  }
  try {
    return settingsSchema.parse(JSON.parse(text));
  } catch {
    onNotice(failure('storage.settings-damaged'));
    return DEFAULT_SETTINGS;
  }
}
