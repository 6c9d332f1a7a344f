import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';

/** Debian's packages `orthanc` and `orthanc-dicomweb`. */
const PROGRAM = '/usr/sbin/Orthanc';
const DICOM_WEB = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Whether there is an Orthanc to test with; says so where there is none. */
export function isOrthancHere(what: string): boolean {
  const isHere = existsSync(PROGRAM) && existsSync(DICOM_WEB);
  if (!isHere) process.stderr.write(`${what} skipped: no Orthanc with its DICOMweb plugin is installed.\n`);
  return isHere;
}

export interface OrthancOptions {
  /** Name and password of its one user; undefined: it asks for none. */
  readonly user?: readonly [name: string, password: string];
  /** Where C-MOVE may send to. */
  readonly destination?: { readonly aeTitle: string; readonly port: number };
}

export interface Orthanc {
  readonly url: string;
  readonly dicomPort: number;
  /** As a crash would end it. */
  kill(): Promise<void>;
  /** Runs again with what it has stored, at the same addresses. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** Ports that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** A real Orthanc on the loopback interface, with a folder of its own. */
export async function startOrthanc(options: OrthancOptions = {}): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), 'auricle-orthanc-'));
  const [httpPort = 0, dicomPort = 0] = await freePorts(2);
  const { user, destination } = options;
  const configuration = join(folder, 'orthanc.json');
  await writeFile(
    configuration,
    JSON.stringify({
      Name: 'Test',
      DefaultEncoding: 'Utf8',
      StorageDirectory: join(folder, 'storage'),
      IndexDirectory: join(folder, 'storage'),
      Plugins: [DICOM_WEB],
      HttpPort: httpPort,
      DicomPort: dicomPort,
      DicomAet: 'ORTHANC',
      RemoteAccessAllowed: false,
      AuthenticationEnabled: user !== undefined,
      RegisteredUsers: user === undefined ? {} : { [user[0]]: user[1] },
      DicomModalities: {
        auricle: {
          AET: destination?.aeTitle ?? 'AURICLE',
          Host: '127.0.0.1',
          Port: destination?.port ?? 11112,
        },
      },
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
    }),
  );
  let child: ChildProcess | undefined;
  const orthanc: Orthanc = {
    url: `http://127.0.0.1:${httpPort}/dicom-web`,
    dicomPort,
    async kill() {
      const killed = child;
      child = undefined;
      if (killed === undefined || killed.exitCode !== null) return;
      killed.kill('SIGKILL');
      await once(killed, 'exit');
    },
    async start() {
      child = spawn(PROGRAM, [configuration], { stdio: 'ignore' });
      await listening(httpPort, child);
      await listening(dicomPort, child);
    },
    async remove() {
      await orthanc.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await orthanc.start();
  return orthanc;
}

/**
 * An encrypted way to a port, as hospitals put one before their servers. (Debian 12's Orthanc ends with a fault at the
 * first encrypted connection of its own.)
 */
export async function startTlsProxy(
  certificate: { readonly key: string; readonly cert: string },
  toPort: number,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({ key: certificate.key, cert: certificate.cert }, (outside) => {
    const inside = net.connect(toPort, '127.0.0.1');
    for (const [socket, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = net.connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`Orthanc ended with code ${child.exitCode}.`);
}
