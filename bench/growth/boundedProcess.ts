import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';

export interface Bounds {
  readonly memoryMib: number;
  readonly seconds: number;
}

export type Bounded = { readonly lines: readonly string[] } | { readonly why: string };

/**
 * Runs this program again with other arguments, in a process of its own that ends where it needs more time or memory.
 * @returns what it wrote, by lines, or why it came to no end
 */
export function runBounded(args: readonly string[], { memoryMib, seconds }: Bounds): Promise<Bounded> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [process.argv[1]!, ...args, '--memory', String(memoryMib)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, complaints, isLate] = ['', '', false];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, 1000 * seconds);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve({ lines: out.trim().split('\n') });
      else if (isLate) resolve({ why: `more than ${seconds} s` });
      else if (code === null) resolve({ why: `more than ${memoryMib} MiB` });
      else resolve({ why: complaints.match(/^\w*Error.*$/m)?.[0] ?? `ended with code ${code}` });
    });
  });
}

/** Ends this process, from a thread of its own, when it holds more than so much memory. */
export function endAbove(memoryMib: number): void {
  const code = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => {
      if (process.memoryUsage.rss() > workerData) process.kill(process.pid, 'SIGKILL');
    }, 50);`;
  new Worker(code, { eval: true, workerData: memoryMib * 2 ** 20 }).unref();
}
