import { expect, it } from 'vitest';
import type { Settings } from '#shared/contract/services/app.ts';
import { createSettings } from './settingsStore.ts';

it('keeps what is chosen while the models are still being read', async () => {
  let giveModels = (): void => {};
  let kept = { language: 'automatic' } as Settings;
  const app = {
    settings: async () => kept,
    models: () =>
      new Promise((done) => {
        giveModels = () => done([]);
      }),
    async changeSettings(parts: object) {
      kept = { ...kept, ...parts };
      return kept;
    },
  };
  const client = { app } as unknown as Parameters<typeof createSettings>[0];
  const alerts = { error: (reason: unknown) => expect.fail(String(reason)) };
  const settings = createSettings(client, alerts as unknown as Parameters<typeof createSettings>[1]);
  const reading = settings.refresh();
  await settings.change({ language: 'de' });
  giveModels();
  await reading;
  expect(settings.store.getState()).toMatchObject({ models: [], settings: { language: 'de' } });
});
