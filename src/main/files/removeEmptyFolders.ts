import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Removes a folder and those above it up to `uppermost`, as far as another program has put nothing there meanwhile. */
export async function removeEmptyFolders(folder: string, uppermost: string): Promise<void> {
  for (let at = folder; at.length >= uppermost.length; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}
