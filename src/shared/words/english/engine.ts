import type { engineFailures } from '../../failures/engineFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const engineWords: WordsFor<keyof typeof engineFailures> = {
  'engine.package-missing': ({ packageName }) => `The optional package "${packageName}" is not installed.`,
  'engine.package-unloadable': ({ packageName }) =>
    `The optional package "${packageName}" is installed but cannot be loaded: its native library or CUDA's are missing. "npm rebuild ${packageName} --ignore-scripts=false" fetches the first.`,
  'engine.tensorflow-not-started': () => 'TensorFlow did not start.',
  'engine.no-cuda-device': () => 'TensorFlow found no CUDA device.',
  'engine.no-onnx-runtime': () => 'ONNX Runtime does not run on this platform.',
  'engine.not-available': ({ engine, reason }, { sentence }) =>
    `The engine "${engine}" is not available: ${sentence(reason)}`,
  'engine.unknown': ({ engine }) => `There is no engine "${engine}".`,
  'engine.no-webgpu-runtime': () => 'No WebGPU runtime is installed for this platform.',
  'engine.gpu-memory': () => 'The graphics processor has too little memory for this.',
  'engine.gpu-lost': ({ message }) =>
    `The graphics processor stopped working${message ? ` (${message})` : ''}.`,
  'engine.gpu-in-use': () => 'The GPU is in use already.',
  'engine.no-gpu': () => 'No graphics processor is available to WebGPU.',
};
