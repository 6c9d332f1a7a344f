import { conv3dSame, registerAuricleKernels } from '../kernels/index.ts';
import type { NetworkOps } from './networkOps.ts';
import { stockOps } from './stockOps.ts';

/** The networks' operations by the project's own WebGPU kernels. */
export function webgpuOps(): NetworkOps {
  registerAuricleKernels();
  return { ...stockOps, conv3dSame };
}
