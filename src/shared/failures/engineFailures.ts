import type { FailureDeclarations } from './declaration.ts';

/** Engines that do not start or stop. */
export const engineFailures = {
  'engine.package-missing': { packageName: 'text' },
  'engine.package-unloadable': { packageName: 'text' },
  'engine.tensorflow-not-started': {},
  'engine.no-cuda-device': {},
  'engine.no-onnx-runtime': {},
  'engine.no-visual-c-runtime': {},
  'engine.not-available': { engine: ['webgpu', 'cuda'], reason: 'failure' },
  'engine.unknown': { engine: 'text' },
  'engine.no-webgpu-runtime': {},
  'engine.webgpu-in-electron': {},
  'engine.gpu-memory': {},
  'engine.gpu-lost': {
    /** The driver's own words, empty where it has none. */
    message: 'text',
  },
  'engine.gpu-in-use': {},
  'engine.no-gpu': {},
  // Why another engine computes than the best or the requested one
  /** The processor computes instead, for this reason. */
  'engine.processor-instead': { reason: 'failure' },
  'engine.no-gpu-shown': {},
  'engine.webgpu-not-started': { reason: 'failure' },
  'engine.only-software': { device: 'text' },
  'engine.software': { engine: ['webgpu', 'cuda', 'viewer'], device: 'text' },
  /** A network of the NUDF family, which runs on the processor only. */
  'engine.not-started': { reason: 'failure' },
  /** The device failed in the middle of the work. */
  'engine.processor-went-on': { problem: ['memory', 'lost', 'failed'] },
  'engine.replaced-after-stop': { device: 'text' },
  // The thread that computes
  'engine.stopped': {},
} as const satisfies FailureDeclarations;
