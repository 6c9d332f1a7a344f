import { type BrowserWindow, dialog, safeStorage } from 'electron';
import type { Keychain, Platform } from '../platform.ts';
import { startUtilityProcess } from './utilityProcess.ts';

/** Undefined where the system has none. On Linux without one, Electron would encrypt with a key that everybody knows. */
function systemKeychain(): Keychain | undefined {
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text')
    return undefined;
  return {
    encrypt: (secret) => safeStorage.encryptString(secret).toString('base64'),
    decrypt(encrypted) {
      try {
        return safeStorage.decryptString(Buffer.from(encrypted, 'base64'));
      } catch {
        return undefined;
      }
    },
  };
}

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
  keychain: systemKeychain(),
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
