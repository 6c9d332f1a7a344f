import type { WebPreferences } from 'electron';

/** Sessions without `persist:` live in memory: nothing of a patient's scan reaches a cache on the disk. */
export const SESSION_PARTITION = 'auricle';

/** What the window's page may do: nothing but show itself and use the one port that the preload script hands over. */
export const windowPreferences = (options: { preload: string; isDeveloping: boolean }): WebPreferences => ({
  preload: options.preload,
  partition: SESSION_PARTITION,
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // The spelling checker would fetch dictionaries.
  spellcheck: false,
  devTools: options.isDeveloping,
});
