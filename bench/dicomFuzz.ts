/**
 * Reads damaged studies by the hundred thousand: small ones in every encoding, each damaged in one of many ways, as the
 * program reads folders. A fault is a crash, an error that is none in words, a hang over a second, memory beyond what
 * the file claims, or a wrong answer without a word (`judge.ts` says how that is known). Each mutant is made from its
 * number alone. Where GDCM and pydicom are installed they read what was loaded as a file's own new word.
 *
 *   npm run bench:fuzz -- [--count 100000] [--from 0] [--peers]
 *   npm run bench:fuzz -- --only 726           # one mutant, its files in out/fuzz
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { messageOf } from '#shared/errors.ts';
import { createFuzzer, type FuzzedMutant } from '../src/main/studies/testing/fuzz/fuzzer.ts';
import { PEERS } from './dicom/fuzzPeers.ts';

/** What a thread says of a stretch of mutants. */
interface Stretch {
  readonly results: Readonly<Record<string, number>>;
  readonly faults: readonly (readonly [number, string])[];
  /** Mutants that took long by the clock, which others may be to blame for. */
  readonly slow: readonly number[];
}

const STRETCH = 500;
const LONG_MS = 1000;
/** The machine may have other work. */
const HANGS_AFTER_MS = 20_000;
const MIB = 2 ** 20;
/** Beyond a multiple of what is claimed: code, buffers and what has not been collected yet. */
const SPARE_BYTES = 96 * MIB;
const TIMES_CLAIMED = 8;

interface ThreadData {
  /** The number of the mutant at work, and of the one after the last. */
  readonly progress: SharedArrayBuffer;
  readonly peersFile: string | undefined;
}

if (isMainThread) await main();
else await serve();

async function serve(): Promise<void> {
  const { progress, peersFile }: ThreadData = workerData;
  const at = new Int32Array(progress);
  const fuzzer = await createFuzzer();
  const peers = peersFile === undefined ? undefined : openSync(peersFile, 'a');
  parentPort?.on('message', async ([from, to]: [number, number]) => {
    const results: Record<string, number> = {};
    const faults: [number, string][] = [];
    const slow: number[] = [];
    for (let number = from; number < to; number++) {
      Atomics.store(at, 0, number);
      const [began, before] = [performance.now(), process.memoryUsage.rss()];
      let mutant: FuzzedMutant | undefined;
      try {
        mutant = await fuzzer.run(number);
        const { what, outcome } = mutant;
        if (outcome.fault !== undefined) faults.push([number, `${what}: ${outcome.fault}`]);
        results[outcome.result] = (results[outcome.result] ?? 0) + 1;
        if (peers !== undefined) for (const record of mutant.forPeers()) writeSync(peers, record);
      } catch (thrown) {
        faults.push([number, `${fuzzer.describe(number)}: error ${messageOf(thrown)}`]);
      }
      const grown = process.memoryUsage.rss() - before;
      if (grown > SPARE_BYTES + TIMES_CLAIMED * (mutant?.outcome.claimedBytes ?? 0)) {
        faults.push([number, `${fuzzer.describe(number)}: took ${(grown / MIB).toFixed(0)} MiB`]);
      }
      if (performance.now() - began > LONG_MS) slow.push(number);
    }
    parentPort?.postMessage({ results, faults, slow } satisfies Stretch);
  });
  parentPort?.postMessage('ready');
}

/** A thread that is ended where it hangs or dies, and started again. */
function createReader(peersFile: string | undefined) {
  const progress = new SharedArrayBuffer(4);
  let worker: Worker | undefined;
  const start = async (): Promise<Worker> => {
    const data: ThreadData = { progress, peersFile };
    const started = new Worker(fileURLToPath(import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    await new Promise((resolve, reject) => started.once('message', resolve).once('error', reject));
    return started;
  };
  const stretch = async (from: number, to: number): Promise<Stretch | string> => {
    worker ??= await start();
    const running = worker;
    return new Promise((resolve) => {
      let last = -1;
      let since = performance.now();
      const end = (result: Stretch | string): void => {
        clearInterval(timer);
        running.off('message', end).off('error', fail);
        if (typeof result === 'string') {
          worker = undefined;
          void running.terminate();
        }
        resolve(result);
      };
      const timer = setInterval(() => {
        const now = Atomics.load(new Int32Array(progress), 0);
        if (now !== last) [last, since] = [now, performance.now()];
        else if (performance.now() - since > HANGS_AFTER_MS) end('hangs');
      }, 500);
      const fail = (error: unknown): void => end(`ends the thread: ${messageOf(error)}`);
      running.on('message', end).on('error', fail);
      running.postMessage([from, to]);
    });
  };
  return {
    async read(from: number, to: number): Promise<Stretch> {
      const results: Record<string, number> = {};
      const faults: (readonly [number, string])[] = [];
      const slow: number[] = [];
      for (let next = from; next < to; ) {
        const done = await stretch(next, to);
        if (typeof done === 'string') {
          const number = Atomics.load(new Int32Array(progress), 0);
          faults.push([number, done]);
          // The others of the stretch are read again.
          if (number > next) {
            const before = await stretch(next, number);
            if (typeof before !== 'string') add(before);
          }
          next = number + 1;
        } else {
          add(done);
          next = to;
        }
      }
      return { results, faults, slow };

      function add(one: Stretch): void {
        for (const [name, count] of Object.entries(one.results)) results[name] = (results[name] ?? 0) + count;
        faults.push(...one.faults);
        slow.push(...one.slow);
      }
    },
    end: async () => void (await worker?.terminate()),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '100000' },
      from: { type: 'string', default: '0' },
      peers: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  if (values.only !== undefined) return showOne(Number(values.only));
  const [from, count] = [Number(values.from), Number(values.count)];
  const folder = mkdtempSync(join(tmpdir(), 'auricle-fuzz-'));
  const peersFile = values.peers ? join(folder, 'peers') : undefined;
  const reader = createReader(peersFile);
  const results: Record<string, number> = {};
  const faults: (readonly [number, string])[] = [];
  const slow: number[] = [];
  try {
    for (let next = from; next < from + count; next += STRETCH) {
      const one = await reader.read(next, Math.min(from + count, next + STRETCH));
      for (const [name, mutants] of Object.entries(one.results))
        results[name] = (results[name] ?? 0) + mutants;
      for (const [number, fault] of one.faults) console.log(`${number} ${fault}`);
      faults.push(...one.faults);
      slow.push(...one.slow);
      if (next % (20 * STRETCH) === 0) process.stderr.write(`${next - from + STRETCH} of ${count}\n`);
    }
    for (const number of slow) {
      // Alone, and the best of three: what is slow each time is slow by itself.
      const again = await Promise.all(
        [0, 1, 2].map(async () => (await reader.read(number, number + 1)).slow.length),
      );
      if (again.every((times) => times > 0)) faults.push([number, 'takes more than a second']);
    }
    const { user, system } = process.cpuUsage();
    console.log(
      `${count} damaged studies from ${from} on, ${((user + system) / 1e6).toFixed(0)} s of processor time`,
    );
    for (const [name, mutants] of Object.entries(results)) console.log(`${name.padEnd(20)} ${mutants}`);
    console.log(`${'faults'.padEnd(20)} ${faults.length}`);
    if (peersFile !== undefined) askPeers(peersFile);
  } finally {
    await reader.end();
    rmSync(folder, { recursive: true, force: true });
  }
  process.exitCode = faults.length > 0 ? 1 : 0;
}

function askPeers(peersFile: string): void {
  closeSync(openSync(peersFile, 'a'));
  const { status } = spawnSync('/usr/bin/python3', ['-c', PEERS, peersFile], {
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  if (status !== 0) console.log('Not compared with GDCM and pydicom: they are not installed.');
}

async function showOne(number: number): Promise<void> {
  const fuzzer = await createFuzzer();
  const { what, files } = fuzzer.mutant(number);
  const folder = join('out', 'fuzz', String(number));
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  console.log(`${what}: files in ${folder}`);
  console.log((await fuzzer.run(number)).outcome);
}
