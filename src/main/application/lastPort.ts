import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { storeFile } from '../services/index.ts';

/**
 * The port of a server that ended while a page was open. A server that is started again takes it where it can: such a
 * page may hold work that is not saved, and can come back to its own origin only. Otherwise the next port is any, which
 * nobody can lie in wait at.
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

/** No page will come back. */
export async function forgetPort(dataFolder: string): Promise<void> {
  await rm(fileOf(dataFolder), { force: true }).catch(() => undefined);
}

export async function keepPort(dataFolder: string, port: number): Promise<void> {
  // Without it the next server takes any port.
  await storeFile(fileOf(dataFolder), JSON.stringify({ port }), 'port').catch(() => undefined);
}
