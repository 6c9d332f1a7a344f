import { expect, it } from 'vitest';
import { engineInWords } from './engineInWords.ts';

it.each([
  ['onnx', 'CPU, 2 threads', 'ONNX Runtime · CPU, 2 threads'],
  ['webgpu', 'NVIDIA H200', 'WebGPU · NVIDIA H200'],
  ['cuda', 'NVIDIA GPU', 'CUDA · NVIDIA GPU'],
  // Of a later version's report.
  ['metal', 'GPU', 'metal · GPU'],
])('the engine %s on %s is called %s', (id, device, words) =>
  expect(engineInWords({ id, device })).toBe(words),
);
