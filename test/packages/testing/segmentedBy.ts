import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { WebSocket } from 'ws';
import { admitted, tokenIn } from '#renderer/connection/admission.ts';
import { auricleContract } from '#shared/contract/auricle.ts';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import { type ExportOptions, KEEPS_NOTHING, USUAL_SIMULATION } from '#shared/contract/services/exporting.ts';
import type { Region, SegmentedAppendage } from '#shared/contract/services/segmentation.ts';
import { createRpcClient } from '#shared/rpc/client.ts';
import { credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import { coarseOf, cropOf, phantomScan, sourceOf } from '../../services/testing/phantomScan.ts';
import { ROOT } from './builtPackages.ts';

/** Where the cube comes to rest in that phantom, LPS mm: begun here, no other cube is read first. */
const AT_REST: Region['centreLpsMm'] = [49.95, -28.3, -143.4];

let scan: ReturnType<typeof phantomScan> | undefined;

const PATIENT = { name: 'Phantom', id: '1', birthDate: '', sex: '', studyDate: '', studyDescription: '' };

/** One of each kind that a library of its own makes. */
const ALL_KINDS: ExportOptions = {
  products: ['wall'],
  meshFormats: ['3mf', 'glb', 'vtp'],
  maskFormats: ['nii.gz'],
  documents: ['pdf', 'html'],
  dicomObjects: [],
  isAnonymous: false,
  withScan: false,
  keptIdentity: KEEPS_NOTHING,
  frame: 'LPS',
  shellThicknessMm: 1,
  shellBaseMm: 0,
  simulation: USUAL_SIMULATION,
};

/** What a program answered. */
export interface Segmented {
  readonly engine: EngineStatus;
  /** What it finds in the whole scan. */
  readonly region: Region;
  readonly result: Pick<SegmentedAppendage, 'appendage' | 'labels'>;
  /** Names and contents of the files that it exports of it. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What it has kept of a saved piece of work. */
  readonly kept: Uint8Array;
}

/**
 * A small phantom, its region found, and its appendage segmented by the built program in a folder, over the connection of the browser
 * target: services, threads and engine are those of the desktop application. Its entry is not packed; where it is
 * absent it is put among the packed files, on which it then runs.
 */
export async function segmentedBy(
  folder: string,
  { node = process.execPath, env = {} }: { readonly node?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Segmented> {
  const entry = join(folder, 'dist/main/server.js');
  if (!existsSync(entry)) copyFileSync(join(ROOT, 'dist/main/server.js'), entry);
  const data = mkdtempSync(join(tmpdir(), 'auricle-data-'));
  const options = ['--json', '--no-open', '--engine', 'onnx', '--threads', '2', '--data', data];
  const child = spawn(node, [entry, ...options], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const hasEnded = new Promise<never>((_, failed) => {
    child.once('error', failed);
    child.once('exit', (code, signal) => failed(new Error(`The program ended: ${code ?? signal}.`)));
  });
  const ask = async (): Promise<Segmented> => {
    const line = await new Promise((found) => child.stdout.once('data', found));
    const url = new URL(JSON.parse(String(line)).url);
    const credential = { kind: 'token', secret: tokenIn(url.hash) ?? '' } as const;
    const protocols = [WEB_SOCKET_PROTOCOL, credentialProtocol(credential)];
    const socket = new WebSocket(`ws://${url.host}/rpc`, protocols, { headers: { Origin: url.origin } });
    const admission = await admitted(socket);
    if (!admission) throw new Error('was not let in');
    const { services } = createRpcClient(auricleContract, admission.port);
    scan ??= phantomScan(140, {
      edgeMm: 120,
      times: 2,
      renderWorker: join(ROOT, 'dist/main/renderCt.worker.js'),
    });
    const { segmentation } = services;
    const region = await segmentation.findRegion({ coarse: coarseOf(await scan) });
    const { appendage, labels, report } = await segmentation.segment({
      crop: cropOf(await scan, AT_REST, 55),
      region: { ...region, centreLpsMm: AT_REST },
      source: sourceOf(await scan),
      seriesWarnings: [],
      resolution: 64,
    });
    const { files } = await services.exporting.build({
      ...{ appendage, labels, report, scanGrid: (await scan).grid, patient: PATIENT, options: ALL_KINDS },
      ...{
        sourceSeries: null,
        warningsBeforeEditing: [],
        offChances: null,
        edits: [],
        review: 'accepted',
        pictures: [],
      },
    });
    const id = '0b54b0f8-6c2a-4f5e-9d5e-000000000001';
    const summary = { id, title: 'Phantom', seriesInstanceUid: '2.25.1' };
    await services.sessions.save({ summary, state: Uint8Array.of(1, 2, 3) });
    return {
      engine: (await services.app.info({})).engine,
      region,
      result: { appendage, labels },
      files: new Map(files.map(({ name, bytes }) => [name, bytes])),
      kept: (await services.sessions.load({ id })).state,
    };
  };
  try {
    return await Promise.race([ask(), hasEnded]);
  } finally {
    hasEnded.catch(() => undefined);
    child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}
