import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';

const NVIDIA = '/dev/nvidiactl';
const WINDOWS_SUBSYSTEM = '/dev/dxg';
const RENDER_NODES = '/dev/dri';

/**
 * Whether it is worth while to look for a GPU: on Linux, whether the kernel shows one; elsewhere yes. Without one the
 * WebGPU runtime takes time to find nothing and writes warnings of its own to the terminal.
 */
export function mayHaveGraphicsDevice(): boolean {
  if (process.platform !== 'linux') return true;
  if (existsSync(NVIDIA) || existsSync(WINDOWS_SUBSYSTEM)) return true;
  try {
    return readdirSync(RENDER_NODES).some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}
