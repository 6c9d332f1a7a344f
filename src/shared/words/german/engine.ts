import type { engineFailures } from '../../failures/engineFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const DEVICE_PROBLEMS = {
  memory: 'Dem Grafikprozessor ging der Speicher aus',
  lost: 'Der Grafikprozessor antwortet nicht mehr',
  failed: 'Der Grafikprozessor konnte die Arbeit nicht ausführen',
};

export const engineWords: WordsFor<keyof typeof engineFailures> = {
  'engine.package-missing': ({ packageName }) =>
    `Das optionale Paket „${packageName}“ ist nicht installiert.`,
  'engine.package-unloadable': ({ packageName }) =>
    `Das optionale Paket „${packageName}“ ist installiert, lässt sich aber nicht laden: Seine native Bibliothek oder die von CUDA fehlt. „npm rebuild ${packageName} --ignore-scripts=false“ holt die erste.`,
  'engine.tensorflow-not-started': () => 'TensorFlow ist nicht gestartet.',
  'engine.no-cuda-device': () => 'TensorFlow fand kein CUDA-Gerät.',
  'engine.no-onnx-runtime': () => 'ONNX Runtime läuft nicht auf diesem System.',
  'engine.no-visual-c-runtime': () =>
    'ONNX Runtime braucht das Microsoft Visual C++ Redistributable, das auf diesem Rechner fehlt: vc_redist.x64.exe von Microsoft installieren und Auricle neu starten.',
  'engine.not-available': ({ engine, reason }, { sentence }) =>
    `Der Rechenkern „${engine}“ ist nicht verfügbar: ${sentence(reason)}`,
  'engine.unknown': ({ engine }) => `Einen Rechenkern „${engine}“ gibt es nicht.`,
  'engine.no-webgpu-runtime': () => 'Für dieses System ist keine WebGPU-Laufzeit installiert.',
  'engine.webgpu-in-electron': () => 'Das Desktop-Programm kann den Rechenkern „webgpu“ nicht verwenden.',
  'engine.gpu-memory': () => 'Der Grafikprozessor hat dafür zu wenig Speicher.',
  'engine.gpu-lost': ({ message }) =>
    `Der Grafikprozessor arbeitet nicht mehr${message ? ` (${message})` : ''}.`,
  'engine.gpu-in-use': () => 'Der Grafikprozessor wird schon verwendet.',
  'engine.no-gpu': () => 'Für WebGPU ist kein Grafikprozessor verfügbar.',

  'engine.processor-instead': ({ reason }, { sentence }) =>
    `${sentence(reason)} ONNX Runtime auf dem Hauptprozessor wird verwendet.`,
  'engine.no-gpu-shown': () => 'Dieser Rechner zeigt keinen Grafikprozessor.',
  'engine.webgpu-not-started': ({ reason }, { sentence }) =>
    `WebGPU ist nicht gestartet: ${sentence(reason)}`,
  'engine.only-software': ({ device }) => `Das einzige WebGPU-Gerät, ${device}, ist Software.`,
  'engine.software': ({ engine, device }) =>
    `Das Gerät ${engine === 'viewer' ? 'dieser Ansicht' : `von ${engine}`}, ${device}, ist Software: langsamer als ONNX Runtime.`,
  'engine.not-started': ({ reason }, { clause }) =>
    `Der Rechenkern ist nicht gestartet (${clause(reason)}); ONNX Runtime auf dem Hauptprozessor wird verwendet.`,
  'engine.processor-went-on': ({ problem }) =>
    `${DEVICE_PROBLEMS[problem]}; ONNX Runtime auf dem Hauptprozessor hat die Arbeit fortgesetzt.`,
  'engine.replaced-after-stop': ({ device }) =>
    `Der Rechenkern auf ${device} brach ab; stattdessen wird ONNX Runtime auf dem Hauptprozessor verwendet.`,

  'engine.stopped': () => 'Der Rechenkern für die Segmentierung brach unerwartet ab.',
};
