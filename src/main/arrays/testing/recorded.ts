import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small file that NumPy 1.24 or PyTorch 1.13 wrote (`record.py` beside this file makes them again). */
export const recorded = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, 'recorded', name)));
