import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { storeFile } from '../services/index.ts';

/**
 * The port of a server that ended while a page was open. The next server uses it again if it is free: the page may hold
 * work that is not saved, and can come back only to its own origin. Otherwise the next port is any free one, which no
 * other program can occupy in advance.
 */
const lastPortSchema = z.strictObject({ port: z.int().min(1).max(65535) });

const fileOf = (dataFolder: string): string => join(dataFolder, 'server.json');

/** @returns 0, which means any free port, where none is known */
export async function lastPort(dataFolder: string): Promise<number> {
  try {
    return lastPortSchema.parse(JSON.parse(await readFile(fileOf(dataFolder), 'utf8'))).port;
  } catch {
    return 0;
  }
}

/** No page will come back. */
export async function forgetPort(dataFolder: string): Promise<void> {
  await rm(fileOf(dataFolder), { force: true }).catch(() => undefined);
}

export async function keepPort(dataFolder: string, port: number): Promise<void> {
  // Without it the next server takes any port.
  await storeFile(fileOf(dataFolder), JSON.stringify({ port }), 'port').catch(() => undefined);
}
