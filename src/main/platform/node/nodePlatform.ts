import type { Platform } from '../platform.ts';
import { startNodeProcess } from './nodeProcess.ts';

/** The browser target's host: files leave through the browser's own downloads. */
export const createNodePlatform = (version: string): Platform => ({
  target: 'web',
  version,
  canSaveFiles: false,
  chooseFolder: async () => undefined,
  startProcess: startNodeProcess,
});
