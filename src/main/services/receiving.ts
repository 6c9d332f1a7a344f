import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Mutex } from 'async-mutex';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import {
  type ReceivingSettings,
  type ReceivingState,
  receivingSettingsSchema,
} from '#shared/contract/services/receiving.ts';
import { failureOf, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ListenForMove, StudyReceiver } from '../dicomNetwork/classicNode.ts';
import {
  listReceived,
  type NodeTls,
  parseAeTitle,
  parseCaPem,
  type TlsIdentity,
} from '../dicomNetwork/index.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { isMissing } from '../files/systemCode.ts';
import type { Keychain } from '../platform/platform.ts';
import type { Emit } from './events.ts';
import type { Opening } from './opening.ts';
import { createOwnCertificate } from './ownCertificate.ts';
import { storeFile } from './storedFile.ts';

export interface ReceivingOptions {
  readonly dataFolder: string;
  readonly keychain: Keychain | undefined;
  readonly lend: Opening['lend'];
  readonly emit: Emit;
  readonly onNotice: (what: Failure) => void;
}

export interface Receiving {
  readonly handlers: AuricleHandlers['receiving'];
  /** What this program shows of itself; undefined where there is no certificate or its key is not known. */
  identity(): TlsIdentity | undefined;
  /** Listens for a C-MOVE: through the receiver where it listens there already, else at a port of its own. */
  listenForMove(address: { readonly host: string; readonly port: number }): ListenForMove;
  free(): Promise<void>;
}

const OFF: ReceivingSettings = {
  isOn: false,
  reach: 'this-machine',
  port: 11112,
  aeTitle: 'AURICLE',
  allowedAeTitles: [],
  isEncrypted: false,
  caPem: '',
};

/** Auricle as a classic DICOM node: listens while it is turned on, and keeps what is sent until it is removed. */
export function createReceiving({ dataFolder, keychain, lend, emit, onNotice }: ReceivingOptions): Receiving {
  const file = join(dataFolder, 'receiving.json');
  const folder = join(dataFolder, 'received');
  const own = createOwnCertificate(dataFolder, keychain, onNotice);
  let settings = readSettings(file, onNotice);
  let receiver: StudyReceiver | undefined;
  let problem: Failure | null = null;
  const mutex = new Mutex();

  const state = async (): Promise<ReceivingState> => ({
    settings,
    address: receiver === undefined ? null : addressOf(settings, receiver.port),
    problem,
    series: await listReceived(folder),
    identity: own.info(),
  });
  const changed = async (): Promise<ReceivingState> => {
    const now = await state();
    emit('receiving', now);
    return now;
  };
  /** Listens as the settings say, instead of as before. */
  const listen = async (): Promise<void> => {
    await receiver?.close();
    receiver = undefined;
    problem = null;
    if (!settings.isOn) return;
    try {
      const { receiveStudies } = await import('../dicomNetwork/classicNode.ts');
      const tls = tlsOf(settings, own.identity());
      const { allowedAeTitles, aeTitle, port, reach } = settings;
      await makeFolder(folder, { mode: 0o700 });
      receiver = await receiveStudies({
        host: reach === 'network' ? '0.0.0.0' : '127.0.0.1',
        port,
        aeTitle,
        isAllowed: (title) => allowedAeTitles.includes(title),
        tls,
        folder,
        onReceived: () => void changed(),
        onProblem: (thrown) => onNotice(failureOf(thrown)),
      });
    } catch (thrown) {
      problem = failureOf(thrown);
    }
  };
  const listenAgain = (): Promise<ReceivingState> =>
    mutex.runExclusive(async () => {
      await listen();
      return changed();
    });
  if (settings.isOn) void listenAgain().then((now) => now.problem && onNotice(now.problem));

  return {
    identity: own.identity,
    listenForMove: (address) => async (node, seriesUid, receive) => {
      // The node knows one address for our AE title: where it is listened on already, both come through it.
      if (receiver?.port === address.port && settings.aeTitle === node.callingAeTitle)
        return receiver.divert(seriesUid, node.calledAeTitle, receive);
      const { listenAt } = await import('../dicomNetwork/classicNode.ts');
      return listenAt(address)(node, seriesUid, receive);
    },
    handlers: {
      state,
      async configure({ settings: next }) {
        const checked = checkSettings(next);
        await storeFile(file, `${JSON.stringify(checked, null, 2)}\n`, 'servers');
        settings = checked;
        return listenAgain();
      },
      async keepIdentity({ identity }) {
        if (identity === null) await own.remove();
        else await own.keep(identity);
        return settings.isOn && settings.isEncrypted ? listenAgain() : changed();
      },
      async open({ seriesUid }) {
        const names = await readdir(join(folder, seriesUid)).catch(() => []);
        if (names.length === 0) throw new UserError(failure('network.received-gone'));
        return { files: await lend(names.map((name) => join(folder, seriesUid, name))) };
      },
      async remove({ seriesUid }) {
        await rm(join(folder, seriesUid), { recursive: true, force: true });
        return changed();
      },
    },
    free: () =>
      mutex.runExclusive(async () => {
        await receiver?.close();
        receiver = undefined;
      }),
  };
}

/** @throws UserError where nobody could send, or they are no AE titles */
function checkSettings(next: ReceivingSettings): ReceivingSettings {
  const aeTitle = parseAeTitle(next.aeTitle);
  const allowedAeTitles = next.allowedAeTitles.filter((title) => title.trim() !== '').map(parseAeTitle);
  if (next.isOn && allowedAeTitles.length === 0) throw new UserError(failure('network.no-sender-allowed'));
  const caPem = next.caPem === '' ? '' : parseCaPem(next.caPem, 'that was chosen');
  return { ...next, aeTitle, allowedAeTitles, caPem };
}

/** @throws UserError where encryption is asked for without a certificate */
function tlsOf(
  { isEncrypted, caPem }: ReceivingSettings,
  identity: TlsIdentity | undefined,
): (NodeTls & { readonly identity: TlsIdentity }) | undefined {
  if (!isEncrypted) return undefined;
  if (identity === undefined) throw new UserError(failure('network.certificate-needed'));
  return { identity, trust: withoutUndefined({ caPem: caPem === '' ? undefined : caPem }) };
}

/** The address as another machine's administrators enter it. */
function addressOf({ reach, aeTitle }: ReceivingSettings, port: number): string {
  if (reach === 'this-machine') return `${aeTitle}@127.0.0.1:${port}`;
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return `${aeTitle}@${outside?.address ?? '0.0.0.0'}:${port}`;
}

function readSettings(file: string, onNotice: (what: Failure) => void): ReceivingSettings {
  try {
    return receivingSettingsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (thrown) {
    if (!isMissing(thrown)) onNotice(failure('storage.receiving-damaged'));
    return OFF;
  }
}
