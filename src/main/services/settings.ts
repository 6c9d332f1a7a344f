import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mutex } from 'async-mutex';
import { z } from 'zod';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import {
  DEFAULT_RESOLUTION,
  type Settings,
  settingsSchema,
  USUAL_FIRST_VIEW,
} from '#shared/contract/services/app.ts';
import { exportOptionsSchema } from '#shared/contract/services/exporting.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { isMissing } from '../files/systemCode.ts';
import { storeFile } from './storedFile.ts';

export const DEFAULT_SETTINGS: Settings = {
  language: 'automatic',
  engine: 'auto',
  resolution: DEFAULT_RESOLUTION,
  fieldModel: null,
  exportOptions: null,
  acknowledgedNotice: '',
  reviewer: '',
  letterhead: NO_LETTERHEAD,
  firstView: USUAL_FIRST_VIEW,
  keys: {},
};

export interface SettingsStore {
  /** As they are kept; the defaults where there are none or they were damaged. */
  current(): Settings;
  /** Throws a UserError where they cannot be written; then the old ones hold. */
  change(parts: Partial<Settings>): Promise<Settings>;
}

/** The settings as a JSON file, read once at the start. `onNotice` is called where it is damaged. */
export function createSettings(dataFolder: string, onNotice: (what: Failure) => void): SettingsStore {
  const file = join(dataFolder, 'settings.json');
  let current = readSettings(file, onNotice);
  const mutex = new Mutex();
  return {
    current: () => current,
    change: (parts) =>
      // One after the other: each change is of what the one before it left.
      mutex.runExclusive(async () => {
        const settings = { ...current, ...withoutUndefined(parts) };
        await storeFile(file, `${JSON.stringify(settings, null, 2)}\n`, 'settings');
        current = settings;
        return settings;
      }),
  };
}

/** A file of an earlier version holds fewer. */
const keptSchema = settingsSchema.partial().extend({ exportOptions: z.unknown().optional() });

function readSettings(file: string, onNotice: (what: Failure) => void): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (!isMissing(thrown)) onNotice(failure('storage.settings-unreadable'));
    return DEFAULT_SETTINGS;
  }
  try {
    const { exportOptions, ...others } = keptSchema.parse(JSON.parse(text));
    // Options of another version, which knew other formats, are no damage.
    const options = exportOptionsSchema.safeParse(exportOptions);
    return { ...DEFAULT_SETTINGS, ...withoutUndefined(others), exportOptions: options.data ?? null };
  } catch {
    onNotice(failure('storage.settings-damaged'));
    return DEFAULT_SETTINGS;
  }
}
