import { randomUUID } from 'node:crypto';
import { rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { DicomServerSettings } from '#shared/contract/services/servers.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import {
  type Credentials,
  collectFiles,
  connectWeb,
  type DicomArchive,
  listSeries,
  parseAeTitle,
  parseCaPem,
  parseFingerprint,
  parseListenAddress,
  parseNodeAddress,
  parseWebAddress,
} from '../dicomNetwork/index.ts';
import { makeFolder } from '../files/makeFolder.ts';
import type { Keychain } from '../platform/platform.ts';
import type { Opening } from './opening.ts';
import type { Receiving } from './receiving.ts';
import { createServerList } from './serverList.ts';

export interface ServersOptions {
  readonly dataFolder: string;
  readonly keychain: Keychain | undefined;
  readonly lend: Opening['lend'];
  /** How this program shows who it is, and where it listens. */
  readonly receiving: Pick<Receiving, 'identity' | 'listenForMove'>;
  readonly onNotice: (what: Failure) => void;
}

export interface Servers {
  readonly handlers: AuricleHandlers['servers'];
  /** Removes what was fetched. */
  free(): Promise<void>;
}

const STUDIES_A_PAGE = 50;

/** DICOM servers for the page: where they are is kept, and each call connects for itself. */
export function createServers({ dataFolder, keychain, lend, receiving, onNotice }: ServersOptions): Servers {
  const list = createServerList(dataFolder, keychain, onNotice);
  // For its owner only; an interrupted fetch goes on in it.
  const fetched = join(dataFolder, 'fetched');
  /** Whole series, each in a folder of its own, as long as a page has it open. */
  const lent = join(dataFolder, 'lent');
  const outgoing = join(dataFolder, 'outgoing');
  const clear = async (): Promise<void> => {
    for (const folder of [fetched, lent, outgoing]) await rm(folder, { recursive: true, force: true });
  };
  // What a program that was killed has left.
  const cleared = clear().catch(() => {});

  const using = async <T>(id: string, work: (archive: DicomArchive) => Promise<T>): Promise<T> => {
    await cleared;
    const archive = await connect(list.find(id), list.secretOf(id), receiving);
    try {
      return await work(archive);
    } finally {
      await archive.close();
    }
  };

  return {
    handlers: {
      list: async () => list.list(),
      async keep({ server, secret }) {
        checkAddress(server);
        await list.keep(server, secret);
        return list.list();
      },
      async remove({ id }) {
        await list.remove(id);
        return list.list();
      },
      async unlock({ id, secret }) {
        list.unlock(id, secret);
        return list.list();
      },
      async check({ id }, { signal }) {
        await using(id, (archive) => archive.check(signal));
        return {};
      },
      studies: ({ id, filters, offset }, { signal }) =>
        using(id, async (archive) => {
          const { studies, withoutUid, hasMore } = await archive.studies(filters, {
            limit: STUDIES_A_PAGE,
            offset,
            signal,
          });
          return {
            studies: studies.map((study) => ({ ...study, modalities: [...study.modalities] })),
            withoutUid,
            hasMore,
          };
        }),
      series: ({ id, studyUid, patient }, { signal }) =>
        using(id, async (archive) => {
          const { series, warnings } = await listSeries(archive, { studyUid, patient }, signal);
          return { series: [...series], warnings: [...warnings] };
        }),
      thumbnail: ({ id, series }, { signal }) =>
        using(id, async (archive) => {
          const image = await archive.image(series, signal);
          if (image === undefined) return null;
          const { renderThumbnail } = await import('../dicomNetwork/thumbnail.ts');
          return (await renderThumbnail(image)) ?? null;
        }),
      fetch: ({ id, series }, { signal, onProgress }) =>
        using(id, async (archive) => {
          await makeFolder(fetched, { mode: 0o700 });
          const { files, warnings } = await archive.fetchSeries(series, fetched, { signal, onProgress });
          const loan = randomUUID();
          const folder = join(lent, loan);
          await makeFolder(lent, { mode: 0o700 });
          // Another page may fetch the same series.
          await rename(dirname(files[0] ?? ''), folder);
          return {
            files: await lend(files.map((file) => join(folder, basename(file)))),
            loan,
            warnings: [...warnings],
          };
        }),
      async release({ loan }) {
        await rm(loan === null ? fetched : join(lent, loan), { recursive: true, force: true });
        // The folder goes with the last loan.
        await rmdir(lent).catch(() => {});
        return {};
      },
      store: ({ id, files }, { signal, onProgress }) =>
        using(id, async (archive) => {
          await makeFolder(outgoing, { mode: 0o700 });
          try {
            const paths = files.map((_, index) => join(outgoing, `${index}.dcm`));
            for (const [index, { bytes }] of files.entries())
              await writeFile(paths[index] ?? '', bytes, { mode: 0o600 });
            const results = await archive.store(await collectFiles(paths, signal), { signal, onProgress });
            return results.map((result) => ({
              name: files[paths.indexOf(result.file.path)]?.name ?? '',
              failure: result.failure ?? null,
            }));
          } finally {
            await rm(outgoing, { recursive: true, force: true });
          }
        }),
    },
    free: clear,
  };
}

/** @throws UserError where a server could not be spoken to as it is configured */
function checkAddress(server: DicomServerSettings): void {
  if (server.fingerprint !== '' && parseFingerprint(server.fingerprint) === undefined)
    throw new UserError(failure('network.fingerprint-invalid'));
  if (server.caPem !== '') parseCaPem(server.caPem, 'that was chosen');
  if (server.kind === 'web') {
    parseWebAddress(server.address);
    return;
  }
  parseNodeAddress(server.address);
  parseAeTitle(server.calledAeTitle);
  parseAeTitle(server.callingAeTitle);
  if (server.receiveAt !== '') parseListenAddress(server.receiveAt);
}

async function connect(
  server: DicomServerSettings,
  secret: string | undefined,
  receiving: ServersOptions['receiving'],
): Promise<DicomArchive> {
  const fingerprint = parseFingerprint(server.fingerprint);
  const trust = withoutUndefined({ fingerprint, caPem: server.caPem === '' ? undefined : server.caPem });
  const identity = receiving.identity();
  if (server.kind === 'node') {
    const { connectNode } = await import('../dicomNetwork/classicNode.ts');
    const { receiveAt } = server;
    return connectNode(
      {
        ...parseNodeAddress(server.address),
        calledAeTitle: parseAeTitle(server.calledAeTitle),
        callingAeTitle: parseAeTitle(server.callingAeTitle),
        tls: server.isEncrypted ? { trust, identity } : undefined,
      },
      {
        listenForMove: receiveAt === '' ? undefined : receiving.listenForMove(parseListenAddress(receiveAt)),
      },
    );
  }
  return connectWeb({
    url: parseWebAddress(server.address),
    trust,
    allowUnencryptedPassword: server.allowUnencryptedPassword,
    ...withoutUndefined({ identity, credentials: credentialsOf(server, secret) }),
  });
}

function credentialsOf(
  { authentication, user }: DicomServerSettings,
  secret: string | undefined,
): Credentials | undefined {
  if (authentication === 'none' || secret === undefined) return undefined;
  return authentication === 'basic'
    ? { kind: 'basic', user, password: secret }
    : { kind: 'bearer', token: secret };
}
