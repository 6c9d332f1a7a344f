import {
  conv3dSame,
  dense,
  groupNormRelu,
  maxPool3d,
  registerAuricleKernels,
  samplePyramid,
} from '../kernels/index.ts';
import type { NetworkOps } from './networkOps.ts';

/** The networks' operations by the project's own WebGPU kernels; on another backend they are the stock ones. */
export function webgpuOps(): NetworkOps {
  registerAuricleKernels();
  return { conv3dSame, groupNormRelu, maxPool3d, samplePyramid, dense };
}
