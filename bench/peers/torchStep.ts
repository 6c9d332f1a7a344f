import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** What a step is measured on. */
export interface PeerStep {
  readonly network: string;
  readonly resolution: number;
  readonly batch: number;
  readonly points: number;
  readonly steps: number;
}

/** Prints what PyTorch takes for a step of the same network, or says that it is not there. */
export function printTorchStep(python: string, step: PeerStep): void {
  const { network, resolution, batch, points, steps } = step;
  const numbers = [resolution, batch, points, steps].map(String);
  const { status } = spawnSync(python, ['bench/peers/torchStep.py', network, ...numbers], {
    stdio: 'inherit',
  });
  if (status !== 0) process.stdout.write(`PyTorch was not measured: ${python} could not run its step.\n`);
}
