import type { FailureDeclarations } from './declaration.ts';

/** Engines that do not start or stop. */
export const engineFailures = {
  'engine.package-missing': { packageName: 'text' },
  'engine.package-unloadable': { packageName: 'text' },
  'engine.tensorflow-not-started': {},
  'engine.no-cuda-device': {},
  'engine.no-onnx-runtime': {},
  'engine.not-available': { engine: ['webgpu', 'cuda'], reason: 'failure' },
  'engine.unknown': { engine: 'text' },
  'engine.no-webgpu-runtime': {},
  'engine.gpu-memory': {},
  'engine.gpu-lost': {
    /** The driver's own words, empty where it has none. */
    message: 'text',
  },
  'engine.gpu-in-use': {},
  'engine.no-gpu': {},
} as const satisfies FailureDeclarations;
