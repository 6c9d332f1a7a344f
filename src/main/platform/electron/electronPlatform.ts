import { type BrowserWindow, dialog } from 'electron';
import type { Platform } from '../platform.ts';
import { startUtilityProcess } from './utilityProcess.ts';

/** The desktop's host. `window` is the one to which dialogs belong; undefined while there is none. */
export const createElectronPlatform = (
  version: string,
  window: () => BrowserWindow | undefined,
  noteUnsaved: (hasUnsavedWork: boolean) => void,
): Platform => ({
  target: 'electron',
  version,
  canSaveFiles: true,
  startProcess: startUtilityProcess,
  noteUnsaved,
  async chooseFolder() {
    const parent = window();
    const options: Electron.OpenDialogOptions = {
      title: 'Save results',
      buttonLabel: 'Save here',
      properties: ['openDirectory', 'createDirectory'],
    };
    const { canceled, filePaths } = await (parent
      ? dialog.showOpenDialog(parent, options)
      : dialog.showOpenDialog(options));
    return canceled ? undefined : filePaths[0];
  },
});
