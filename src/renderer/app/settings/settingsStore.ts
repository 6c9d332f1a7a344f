import type { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { modelInfoSchema, Settings } from '#shared/contract/services/app.ts';
import { failureOf } from '#shared/errors.ts';
import type { Alerts } from '../../jobs/alertStore.ts';

export interface SettingsState {
  /** Null until they are known. */
  readonly settings: Settings | null;
  readonly models: readonly z.output<typeof modelInfoSchema>[] | null;
}

export interface SettingsHolder {
  readonly store: StoreApi<SettingsState>;
  /** Reads the settings from the main side, which owns them; throws a UserError where it cannot. */
  load(): Promise<Settings>;
  /** Reads settings and models. */
  refresh(): Promise<void>;
  change(parts: Partial<Settings>): Promise<void>;
}

/** What a person chose, in the dialog and elsewhere, and the models in use. */
export function createSettings(client: Pick<AuricleClient, 'app'>, alerts: Alerts): SettingsHolder {
  const store = createStore<SettingsState>(() => ({ settings: null, models: null }));
  const orAlert = async (work: () => Promise<Partial<SettingsState>>): Promise<void> => {
    try {
      store.setState(await work());
    } catch (thrown) {
      alerts.error(failureOf(thrown));
    }
  };
  /** How often they were changed here: what was read before a change is out of date. */
  let changes = 0;
  return {
    store,
    async load() {
      const settings = await client.app.settings({});
      store.setState({ settings });
      return settings;
    },
    refresh: () =>
      orAlert(async () => {
        const changesBefore = changes;
        // The models take longer: their files are checked.
        const [settings, models] = await Promise.all([client.app.settings({}), client.app.models({})]);
        return changes === changesBefore ? { settings, models } : { models };
      }),
    change: (parts) =>
      orAlert(async () => {
        const settings = await client.app.changeSettings(parts);
        changes++;
        return { settings };
      }),
  };
}
