import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceivingSettings, ReceivingState } from '#shared/contract/services/receiving.ts';
import { ctFiles, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { connectNode } from '../dicomNetwork/classicNode.ts';
import { collectFiles, type NodeTls } from '../dicomNetwork/index.ts';
import { identityOfFile } from '../dicomNetwork/testing/fakeDicomWeb.ts';
import { SELF_SIGNED } from '../dicomNetwork/testing/selfSigned.ts';
import { createOpening } from './opening.ts';
import { createReceiving, type Receiving } from './receiving.ts';

const slices = [...ctFiles(rampVolume(smallGrid())).values()];
const { seriesUid } = identityOfFile(slices[0]!);
const job = { signal: new AbortController().signal, onProgress: () => {} };
const opening = createOpening(
  () => {},
  () => {},
);

let dataFolder: string;
let port: number;
let receiving: Receiving;
const notices: Failure[] = [];
let lastEvent: ReceivingState | undefined;
const started = (): Receiving =>
  createReceiving({
    dataFolder,
    keychain: undefined,
    lend: opening.lend,
    emit: (event, value) => {
      if (event === 'receiving') lastEvent = value as ReceivingState;
    },
    onNotice: (notice) => notices.push(notice),
  });
const on = (changes: Partial<ReceivingSettings> = {}) => ({
  settings: {
    isOn: true,
    reach: 'this-machine' as const,
    port,
    aeTitle: 'AURICLE',
    allowedAeTitles: ['SCANNER'],
    isEncrypted: false,
    caPem: '',
    ...changes,
  },
});
const sender = (callingAeTitle: string, tls?: NodeTls) =>
  connectNode(
    { host: '127.0.0.1', port, calledAeTitle: 'AURICLE', callingAeTitle, tls },
    { patience: { connectMs: 2000, pieceMs: 4000 } },
  );
async function files() {
  const folder = await mkdtemp(join(dataFolder, 'sent-'));
  const paths = slices.map((_, index) => join(folder, `${index}.dcm`));
  await Promise.all(paths.map((path, index) => writeFile(path, slices[index]!)));
  return collectFiles(paths);
}

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'auricle-receiving-'));
  const free = net.createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  port = (free.address() as AddressInfo).port;
  await once(free.close(), 'close');
  notices.length = 0;
  receiving = started();
});
afterEach(async () => {
  await receiving.free();
  await rm(dataFolder, { recursive: true });
});

describe('receiving studies', () => {
  it('is off, listens nowhere and writes nothing until it is turned on', async () => {
    expect(await receiving.handlers.state({}, job)).toMatchObject({
      settings: { isOn: false },
      address: null,
      series: [],
      identity: null,
    });
    await expect(sender('SCANNER').check()).rejects.toThrow('cannot be reached');
    await expect(receiving.handlers.configure(on({ allowedAeTitles: [' '] }), job)).rejects.toThrow(
      'Name the AE titles',
    );
    expect(await readdir(dataFolder)).toEqual([]);
  });

  it('keeps what the named senders send, over a new start too, until it is removed', async () => {
    const { address } = await receiving.handlers.configure(on(), job);
    expect(address).toBe(`AURICLE@127.0.0.1:${port}`);
    await expect(sender('OTHER').check()).rejects.toThrow('does not know the AE title');
    await sender('SCANNER').store(await files());
    await expect.poll(() => lastEvent?.series).toHaveLength(1);
    expect(lastEvent?.series).toMatchObject([
      { seriesUid, patientName: 'Phantom^Seed 1', imageCount: slices.length },
    ]);
    await receiving.free();
    receiving = started();
    await expect
      .poll(() =>
        sender('SCANNER')
          .check()
          .then(
            () => true,
            () => false,
          ),
      )
      .toBe(true);
    const opened = await receiving.handlers.open({ seriesUid }, job);
    const { bytes } = await opening.handlers.read({ id: opened.files[0]!.id, fromByte: 0 }, job);
    expect(identityOfFile(bytes).seriesUid).toBe(seriesUid);
    expect((await receiving.handlers.remove({ seriesUid }, job)).series).toEqual([]);
    await expect(receiving.handlers.open({ seriesUid }, job)).rejects.toThrow('no longer here');
    await receiving.handlers.configure(on({ isOn: false }), job);
    await expect(sender('SCANNER').check()).rejects.toThrow('cannot be reached');
  });

  it('shares its port with a C-MOVE, which gets the images that it asked for and no others', async () => {
    await receiving.handlers.configure(on(), job);
    const moved: Buffer[] = [];
    const node = { host: '127.0.0.1', port: 104, calledAeTitle: 'PACS', callingAeTitle: 'AURICLE' };
    const move = await receiving.listenForMove({ host: '127.0.0.1', port })(node, seriesUid, async (file) => {
      moved.push(await buffer(file));
      return 0;
    });
    await sender('PACS').store(await files());
    await move.close();
    expect(moved).toHaveLength(slices.length);
    expect((await receiving.handlers.state({}, job)).series).toEqual([]);
    await expect(sender('PACS').check()).rejects.toThrow('does not know the AE title');
  });

  it('says why it does not listen: a port that is taken, a certificate that is missing', async () => {
    const other = net.createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const taken = await receiving.handlers.configure(on(), job);
    expect(taken).toMatchObject({ address: null, problem: { code: 'network.port-taken' } });
    await once(other.close(), 'close');
    const bare = await receiving.handlers.configure(on({ isEncrypted: true }), job);
    expect(bare).toMatchObject({ address: null, problem: { code: 'network.certificate-needed' } });
  });

  it('is encrypted with the own certificate, whose key is not written where there is no keychain', async () => {
    await expect(
      receiving.handlers.keepIdentity({ identity: { certificatePem: SELF_SIGNED.cert, keyPem: 'x' } }, job),
    ).rejects.toThrow('does not hold a certificate');
    await receiving.handlers.configure(on({ isEncrypted: true }), job);
    const { identity, address } = await receiving.handlers.keepIdentity(
      { identity: { certificatePem: SELF_SIGNED.cert, keyPem: SELF_SIGNED.key } },
      job,
    );
    expect(identity).toEqual({ subject: 'CN=localhost', needsKey: false });
    expect(address).not.toBeNull();
    await sender('SCANNER', { trust: { fingerprint: SELF_SIGNED.fingerprint } }).check();
    expect(await readFile(join(dataFolder, 'certificate.json'), 'utf8')).not.toContain('PRIVATE KEY');
    await receiving.free();
    receiving = started();
    await expect.poll(() => notices.map(({ code }) => code)).toContain('network.certificate-needed');
    expect((await receiving.handlers.state({}, job)).identity).toMatchObject({ needsKey: true });
  });
});
