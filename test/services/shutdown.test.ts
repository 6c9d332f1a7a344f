import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { modelsFolder } from '#main/models/modelFolder.ts';
import { DEFAULT_MODEL_IDS } from '#main/models/modelRegistry.ts';
import type { SegmentCropRequest } from '#main/pipeline/inferenceSession.ts';
import { admitted, tokenIn } from '#renderer/connection/admission.ts';
import { auricleContract } from '#shared/contract/auricle.ts';
import { cubeGridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { length } from '#shared/geometry/vec3.ts';
import { createRpcClient } from '#shared/rpc/client.ts';
import { credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import { childrenOf, isAlive } from '../childProcesses.ts';
import { temporaryFolder } from './testing/application.ts';
import { type Scan, sourceOf } from './testing/phantomScan.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const missing = ['dist/main/server.js', 'dist/renderer/index.html'].filter(
  (file) => !existsSync(join(ROOT, file)),
);
missing.push(...Object.values(DEFAULT_MODEL_IDS).filter((id) => !existsSync(join(modelsFolder(), id))));
if (missing.length > 0) process.stderr.write(`Shutdown test skipped: no ${missing.join(', ')}.\n`);

/** A ball of contrast: nothing that anyone would look for, but enough for the network to be asked. */
function ballScan(): Scan {
  const grid = cubeGridLps([0, 0, 0], 110, 110);
  const data = new Int16Array(110 ** 3);
  for (let voxel = 0; voxel < data.length; voxel++) {
    const ijk = [voxel % 110, Math.floor(voxel / 110) % 110, Math.floor(voxel / 110 ** 2)] as const;
    data[voxel] = length(ijkToLps(grid, ijk)) < 15 ? 400 : -50;
  }
  return { grid, data };
}

/** The processor time of a process so far, in ticks of 10 ms; Linux only. */
function processorTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** How often what no event tells is looked at, ms. */
const LOOK_MS = 20;

/** Resolves when a process has used the processor for this long from now. By then the encoder runs, for seconds. */
async function hasComputed(pid: number, seconds: number): Promise<void> {
  const until = processorTicks(pid) + 100 * seconds;
  while (processorTicks(pid) < until) await delay(LOOK_MS);
}

/** How the built server ends that gets a signal when `begin` has resolved; no engine may be left then. */
async function endOf(
  signal: NodeJS.Signals,
  begin: (
    services: ReturnType<typeof createRpcClient<typeof auricleContract>>['services'],
    enginePid: number,
  ) => Promise<void>,
): Promise<{ code: number | null; complaint: string; engines: number }> {
  const data = await temporaryFolder();
  const options = ['--json', '--no-open', '--engine', 'onnx', '--threads', '2', '--data', data];
  const child = spawn(process.execPath, [join(ROOT, 'dist/main/server.js'), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    let complaint = '';
    child.stderr.on('data', (text) => {
      complaint += text;
    });
    const over = new Promise<number | null>((done) => void child.once('close', done));
    const url = await new Promise<URL>((found, failed) => {
      child.stdout.once('data', (line) => found(new URL(JSON.parse(String(line)).url)));
      child.once('exit', (code) => failed(new Error(`ended with code ${code}`)));
    });
    const credential = { kind: 'token', secret: tokenIn(url.hash) ?? '' } as const;
    const admission = await admitted(
      new WebSocket(`ws://${url.host}/rpc`, [WEB_SOCKET_PROTOCOL, credentialProtocol(credential)], {
        headers: { Origin: url.origin },
      }),
    );
    if (!admission) throw new Error('was not let in');
    if (child.pid === undefined) throw new Error('was not started');
    const [enginePid, ...others] = childrenOf(child.pid);
    if (enginePid === undefined) throw new Error('has no engine');
    await begin(createRpcClient(auricleContract, admission.port).services, enginePid);
    child.kill(signal);
    const code = await over;
    // What ends with its program notices that a moment later.
    if (signal === 'SIGKILL') while (isAlive(enginePid)) await delay(LOOK_MS);
    return { code, complaint, engines: [enginePid, ...others].filter(isAlive).length };
  } finally {
    child.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
  }
}

describe.skipIf(missing.length > 0 || process.platform !== 'linux')('the built server that ends', () => {
  const crop = ballScan();
  const region = { centreLpsMm: [0, 0, 0] as [number, number, number], edgeMm: 70, confidence: null };
  const request = {
    crop,
    region,
    source: sourceOf(crop),
    seriesWarnings: [],
    resolution: 128 as const,
  } satisfies SegmentCropRequest;

  it.each([
    ['SIGTERM', 0],
    ['SIGINT', 0],
    ['SIGKILL', null],
  ] as const)('takes its engine with it in the midst of a step of the network (%s)', async (signal, code) => {
    const end = await endOf(signal, async (services, enginePid) => {
      const isAsked = new Promise<void>((asked, failed) => {
        services.segmentation.segment(request, { onProgress: () => asked() }).then(
          () => failed(new Error('was over before the signal')),
          // The signal rejects it, too; what is rejected before that never began.
          failed,
        );
      });
      await isAsked;
      await hasComputed(enginePid, 0.5);
    });
    expect(end).toEqual({ code, complaint: '', engines: 0 });
  });

  it('does not wait for models that are being read', async () => {
    expect(await endOf('SIGTERM', async () => undefined)).toEqual({ code: 0, complaint: '', engines: 0 });
  });
});
