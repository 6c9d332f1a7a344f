import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parseCaPem } from '../certificateTrust.ts';
import type { Intercept } from '../testing/fakeDicomWeb.ts';
import { answering, failureFrom, setUpFakeServers } from '../testing/fakeServers.ts';
import { SELF_SIGNED } from '../testing/selfSigned.ts';
import { connectWeb } from './connectWeb.ts';

const { archiveOf, fakeServer, toClose } = setUpFakeServers();

describe('the connection', () => {
  it('tries again after a pause where the server is overloaded, and gives up in the end', async () => {
    const fake = await fakeServer({
      intercept: answering(/./, (response) => response.writeHead(503).end(), 2),
    });
    await archiveOf(fake.url).check();
    expect(fake.requests).toHaveLength(3);
    fake.intercept = answering(/./, (response) => response.writeHead(503).end(), 99);
    expect(await failureFrom(archiveOf(fake.url).check())).toMatchObject({
      code: 'network.status',
      fields: { status: 503 },
    });
    expect(fake.requests).toHaveLength(6);
  });

  it('does not wait for ever for a silent server, one that stops within an answer or one that is gone', async () => {
    const fake = await fakeServer({ intercept: () => true });
    const patience = { answerMs: 60, pieceMs: 60, pausesMs: [] };
    expect(await failureFrom(archiveOf(fake.url, {}, patience).check())).toMatchObject({
      code: 'network.silent',
    });
    fake.intercept = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/dicom+json' });
      response.write('[');
      return true;
    };
    expect(await failureFrom(archiveOf(fake.url, {}, patience).check())).toMatchObject({
      code: 'network.silent',
    });
    const gone = net.createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    expect(await failureFrom(archiveOf(`http://127.0.0.1:${port}`).check())).toMatchObject({
      code: 'network.unreachable',
      fields: { reason: 'ECONNREFUSED' },
    });
  });

  it('follows redirects within the server and to no other', async () => {
    const other = await fakeServer();
    const fake = await fakeServer();
    const redirect = (location: string): Intercept =>
      answering(/\/studies\?/, (response) => response.writeHead(307, { location }).end());
    const credentials = { kind: 'basic', user: 'alice', password: 'secret' } as const;
    fake.intercept = redirect('/dicom-web/studies');
    await archiveOf(fake.url, { credentials }).check();
    expect(fake.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Basic YWxpY2U6c2VjcmV0',
      'Basic YWxpY2U6c2VjcmV0',
    ]);
    fake.intercept = redirect(`${other.url}/studies`);
    expect(await failureFrom(archiveOf(fake.url, { credentials }).check())).toEqual({
      code: 'network.redirected',
      fields: { server: new URL(fake.url).origin, target: new URL(other.url).origin },
    });
    expect(other.requests).toEqual([]);
    fake.intercept = (_, response) => {
      response.writeHead(307, { location: '/dicom-web/studies' }).end();
      return true;
    };
    expect((await failureFrom(archiveOf(fake.url, { credentials }).check())).code).toBe(
      'network.redirected-endlessly',
    );
  });

  it('says whether a password is needed, refused or not enough', async () => {
    const fake = await fakeServer();
    const answer = (status: number): void => {
      fake.intercept = (_, response) => {
        response.writeHead(status).end();
        return true;
      };
    };
    answer(401);
    expect(await failureFrom(archiveOf(fake.url).check())).toMatchObject({ code: 'network.password-needed' });
    const credentials = { kind: 'bearer', token: 'abc' } as const;
    expect(await failureFrom(archiveOf(fake.url, { credentials }).check())).toMatchObject({
      code: 'network.password-refused',
    });
    expect(fake.requests.at(-1)?.headers.authorization).toBe('Bearer abc');
    answer(403);
    expect(await failureFrom(archiveOf(fake.url, { credentials }).check())).toMatchObject({
      code: 'network.access-denied',
    });
    const elsewhere = { url: 'http://pacs.example', credentials };
    expect(() => connectWeb(elsewhere)).toThrow('is not encrypted');
    toClose.push(connectWeb({ ...elsewhere, allowUnencryptedPassword: true }));
  });

  it('trusts a self-signed certificate by its fingerprint or as an authority, and nothing without', async () => {
    const fake = await fakeServer({ tls: SELF_SIGNED });
    const server = new URL(fake.url).origin;
    expect(await failureFrom(archiveOf(fake.url).check())).toEqual({
      code: 'network.certificate-untrusted',
      fields: { server, reason: 'it is self-signed', fingerprint: SELF_SIGNED.fingerprint },
    });
    const { fingerprint } = SELF_SIGNED;
    const other = fingerprint.replace(/^../, 'FF');
    expect(await failureFrom(archiveOf(fake.url, { trust: { fingerprint: other } }).check())).toEqual({
      code: 'network.certificate-changed',
      fields: { server, fingerprint },
    });
    expect(fake.requests).toEqual([]);
    await archiveOf(fake.url, { trust: { fingerprint } }).check();
    const caPem = parseCaPem(`Hospital CA\n${SELF_SIGNED.cert}\n`, 'ca.pem');
    await archiveOf(fake.url, { trust: { caPem } }).check();
    expect(fake.requests).toHaveLength(2);
    expect(() => parseCaPem('no certificate', 'ca.pem')).toThrow('ca.pem holds no certificates');
  });
});
