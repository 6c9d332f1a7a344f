import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mutex } from 'async-mutex';
import { z } from 'zod';
import {
  type DicomServerSettings,
  dicomServerSchema,
  type ListedServer,
} from '#shared/contract/services/servers.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { isMissing } from '../files/systemCode.ts';
import type { Keychain } from '../platform/platform.ts';
import { storeFile } from './storedFile.ts';

/** As they are kept: secrets only as the system's keychain encrypts them. */
const keptSchema = z.array(
  dicomServerSchema.extend({
    // Earlier versions knew neither.
    isEncrypted: z.boolean().default(false),
    receiveAt: z.string().default(''),
    encryptedSecret: z.string().optional(),
  }),
);
type Kept = z.output<typeof keptSchema>[number];

export interface ServerList {
  list(): { servers: ListedServer[]; canKeepSecrets: boolean };
  /** @throws UserError where there is none of this id */
  find(id: string): DicomServerSettings;
  /** The password or token; undefined where it is not known. */
  secretOf(id: string): string | undefined;
  keep(server: DicomServerSettings, secret: string | null): Promise<void>;
  unlock(id: string, secret: string): void;
  remove(id: string): Promise<void>;
}

/** The configured servers as a JSON file, and their secrets: in the keychain, or in memory until the program ends. */
export function createServerList(
  dataFolder: string,
  keychain: Keychain | undefined,
  onNotice: (what: Failure) => void,
): ServerList {
  const file = join(dataFolder, 'servers.json');
  let kept = readServers(file, onNotice);
  const secrets = new Map<string, string>();
  const mutex = new Mutex();

  const find = (id: string): Kept => {
    const server = kept.find((one) => one.id === id);
    if (server === undefined) throw new UserError(failure('network.server-gone'));
    return server;
  };
  const secretOf = (id: string): string | undefined => {
    const { encryptedSecret } = find(id);
    const known = secrets.get(id);
    if (known !== undefined || encryptedSecret === undefined) return known;
    return keychain?.decrypt(encryptedSecret);
  };
  const change = (next: (now: readonly Kept[]) => Kept[]): Promise<void> =>
    mutex.runExclusive(async () => {
      const changed = next(kept);
      await storeFile(file, `${JSON.stringify(changed, null, 2)}\n`, 'servers');
      kept = changed;
    });

  return {
    find: (id) => {
      const { encryptedSecret: _, ...server } = find(id);
      return server;
    },
    secretOf,
    list: () => ({
      servers: kept.map(({ encryptedSecret: _, ...server }) => ({
        ...server,
        needsSecret: server.authentication !== 'none' && secretOf(server.id) === undefined,
      })),
      canKeepSecrets: keychain !== undefined,
    }),
    async keep(server, secret) {
      const before = kept.find(({ id }) => id === server.id);
      // A password belongs to the server that it was given for, not to another address.
      const isSame = before?.address === server.address && before.authentication === server.authentication;
      const encryptedSecret =
        secret !== null && secret !== ''
          ? keychain?.encrypt(secret)
          : secret === null && isSame
            ? before.encryptedSecret
            : undefined;
      await change((now) => [
        ...now.filter(({ id }) => id !== server.id),
        { ...server, ...withoutUndefined({ encryptedSecret }) },
      ]);
      if (secret !== null && secret !== '') secrets.set(server.id, secret);
      else if (secret === '' || !isSame) secrets.delete(server.id);
    },
    unlock(id, secret) {
      find(id);
      secrets.set(id, secret);
    },
    async remove(id) {
      await change((now) => now.filter((one) => one.id !== id));
      secrets.delete(id);
    },
  };
}

function readServers(file: string, onNotice: (what: Failure) => void): Kept[] {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (thrown) {
    if (!isMissing(thrown)) onNotice(failure('storage.servers-damaged'));
    return [];
  }
}
