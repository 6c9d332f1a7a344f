import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { storeFile } from '../services/storedFile.ts';

/**
 * The port that was used last. A server that is started again takes it where it can: pages that are still open then
 * connect again, and what the browser keeps for the origin stays.
 */
const lastPortSchema = z.strictObject({ port: z.int().min(1).max(65535) });

const fileOf = (dataFolder: string): string => join(dataFolder, 'server.json');

/** @returns 0, any that is free, where none is known */
export async function lastPort(dataFolder: string): Promise<number> {
  try {
    return lastPortSchema.parse(JSON.parse(await readFile(fileOf(dataFolder), 'utf8'))).port;
  } catch {
    return 0;
  }
}

export async function keepPort(dataFolder: string, port: number): Promise<void> {
  // Without it the next server takes any port.
  await storeFile(fileOf(dataFolder), JSON.stringify({ port }), 'The port').catch(() => undefined);
}
