import type { engineFailures } from '../../failures/engineFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const DEVICE_PROBLEMS = {
  memory: 'The memory of the graphics processor ran out',
  lost: 'The graphics processor stopped responding',
  failed: 'The graphics processor could not do the work',
};

export const engineWords: WordsFor<keyof typeof engineFailures> = {
  'engine.package-missing': ({ packageName }) => `The optional package "${packageName}" is not installed.`,
  'engine.package-unloadable': ({ packageName }) =>
    `The optional package "${packageName}" is installed but cannot be loaded: its native library or CUDA's are missing. "npm rebuild ${packageName} --ignore-scripts=false" fetches the first.`,
  'engine.tensorflow-not-started': () => 'TensorFlow did not start.',
  'engine.no-cuda-device': () => 'TensorFlow found no CUDA device.',
  'engine.no-onnx-runtime': () => 'ONNX Runtime does not run on this platform.',
  'engine.no-visual-c-runtime': () =>
    'ONNX Runtime needs the Microsoft Visual C++ Redistributable, which this computer lacks: install vc_redist.x64.exe from Microsoft and start Auricle again.',
  'engine.not-available': ({ engine, reason }, { sentence }) =>
    `The engine "${engine}" is not available: ${sentence(reason)}`,
  'engine.unknown': ({ engine }) => `There is no engine "${engine}".`,
  'engine.no-webgpu-runtime': () => 'No WebGPU runtime is installed for this platform.',
  'engine.webgpu-in-electron': () => 'The desktop application cannot use the engine "webgpu".',
  'engine.gpu-memory': () => 'The graphics processor has too little memory for this.',
  'engine.gpu-lost': ({ message }) =>
    `The graphics processor stopped working${message ? ` (${message})` : ''}.`,
  'engine.gpu-in-use': () => 'The GPU is in use already.',
  'engine.no-gpu': () => 'No graphics processor is available to WebGPU.',

  'engine.processor-instead': ({ reason }, { sentence }) =>
    `${sentence(reason)} ONNX Runtime on the processor is used.`,
  'engine.no-gpu-shown': () => 'This machine shows no graphics processor.',
  'engine.webgpu-not-started': ({ reason }, { sentence }) => `WebGPU did not start: ${sentence(reason)}`,
  'engine.only-software': ({ device }) => `The only WebGPU device, ${device}, is software.`,
  'engine.software': ({ engine, device }) =>
    `The ${engine === 'viewer' ? "viewer's" : engine} device, ${device}, is software: slower than ONNX Runtime.`,
  'engine.not-started': ({ reason }, { clause }) =>
    `The engine did not start (${clause(reason)}); ONNX Runtime on the processor is used.`,
  'engine.processor-went-on': ({ problem }) =>
    `${DEVICE_PROBLEMS[problem]}; the work went on with ONNX Runtime on the processor.`,
  'engine.replaced-after-stop': ({ device }) =>
    `The engine on ${device} stopped; ONNX Runtime on the processor is used instead.`,

  'engine.stopped': () => 'The segmentation engine stopped unexpectedly.',
};
