import { describe, expect, it } from 'vitest';
import { type LoadSurroundings, onnxLoadFailure } from './onnxLoadFailure.ts';

const FOLDER = String.raw`C:\Program Files\Auricle\resources\app.asar.unpacked\node_modules\onnxruntime-node\bin\napi-v6\win32\x64`;
const RUNTIME = ['vcruntime140', 'vcruntime140_1', 'msvcp140', 'msvcp140_1', 'msvcp140_atomic_wait'];

/** As Node words it on a German Windows. */
const refused = (): Error =>
  Object.assign(
    new Error(`Das angegebene Modul wurde nicht gefunden.\n\\\\?\\${FOLDER}\\onnxruntime_binding.node`),
    { code: 'ERR_DLOPEN_FAILED' },
  );

const windows = (folder: string, names: readonly string[]): LoadSurroundings => {
  const files = names.map((name) => `${folder}\\${name}.dll`);
  return { platform: 'win32', systemRoot: 'C:\\Windows', exists: (path) => files.includes(path) };
};

describe('a native library that cannot be loaded', () => {
  it('names the C++ runtime as missing where a part of it is nowhere', () => {
    const older = RUNTIME.filter((name) => name !== 'msvcp140_atomic_wait');
    for (const names of [[], older]) {
      expect(onnxLoadFailure(refused(), windows('C:\\Windows\\System32', names))).toBe(
        'engine.no-visual-c-runtime',
      );
    }
  });

  it('has another reason where the runtime is in the system or beside it, or elsewhere than on Windows', () => {
    for (const folder of ['C:\\Windows\\System32', FOLDER]) {
      expect(onnxLoadFailure(refused(), windows(folder, RUNTIME))).toBe('engine.no-onnx-runtime');
    }
    const linux: LoadSurroundings = { ...windows('', []), platform: 'linux' };
    expect(onnxLoadFailure(refused(), linux)).toBe('engine.no-onnx-runtime');
    expect(onnxLoadFailure(new Error('Cannot find package'), windows('', []))).toBe('engine.no-onnx-runtime');
  });
});
