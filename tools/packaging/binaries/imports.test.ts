import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BinaryImports, importsOf, importsOfFile } from './imports.ts';

const MODULES = resolve(import.meta.dirname, '../../../node_modules');
const of = (path: string): BinaryImports => {
  const imports = importsOfFile(join(MODULES, path));
  if (!imports) throw new Error(`${path} is not a binary.`);
  return imports;
};
const ONNX = 'onnxruntime-node/bin/napi-v6';

describe('the imports of a binary', () => {
  it('are read from a library of Linux', () => {
    const { symbols, ...imports } = of(`${ONNX}/linux/x64/onnxruntime_binding.node`);
    expect(imports).toEqual({
      format: 'elf',
      architecture: 'x64',
      libraries: ['libonnxruntime.so.1', 'libstdc++.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libc.so.6'],
      delayedLibraries: [],
      searchPaths: ['$ORIGIN/'],
    });
    expect(symbols).toEqual(expect.arrayContaining(['napi_create_arraybuffer', 'OrtGetApiBase']));
    expect(of(`${ONNX}/linux/arm64/onnxruntime_binding.node`).architecture).toBe('arm64');
  });

  it('are read from a library of Windows, those that are loaded later apart', () => {
    const { symbols, libraries, ...imports } = of(`${ONNX}/win32/x64/onnxruntime_binding.node`);
    expect(imports).toEqual({
      format: 'pe',
      architecture: 'x64',
      delayedLibraries: ['NODE.EXE'],
      searchPaths: [],
    });
    expect(libraries).toEqual(
      expect.arrayContaining(['onnxruntime.dll', 'MSVCP140.dll', 'VCRUNTIME140_1.dll']),
    );
    // ONNX Runtime's one function is imported by its number.
    expect(symbols).toContain('napi_create_arraybuffer');
  });

  it('are read from a library of macOS', () => {
    const { symbols, ...imports } = of(`${ONNX}/darwin/arm64/onnxruntime_binding.node`);
    expect(imports).toEqual({
      format: 'mach-o',
      architecture: 'arm64',
      libraries: ['@rpath/libonnxruntime.1.dylib', '/usr/lib/libc++.1.dylib', '/usr/lib/libSystem.B.dylib'],
      delayedLibraries: [],
      searchPaths: ['@loader_path'],
    });
    expect(symbols).toEqual(expect.arrayContaining(['napi_create_arraybuffer', 'OrtGetApiBase']));
  });

  // What packages must not hold: Electron has no node.exe, and refuses memory of native code.
  const dawn = ['win32-x64', 'linux-x64'].map((name) => `webgpu/dist/${name}/dawn.node`);
  const isThere = dawn.every((path) => existsSync(join(MODULES, path)));
  it.skipIf(!isThere)('show what keeps Dawn from running in Electron', () => {
    const [windows, linux] = dawn.map(of);
    expect(windows?.libraries).toContain('node.exe');
    for (const imports of [windows, linux])
      expect(imports?.symbols).toContain('napi_create_external_arraybuffer');
  });

  it('are none where the file is not a binary', () => {
    expect(importsOf(Buffer.from('const text = "a script that is longer than a header of 64 bytes";'))).toBe(
      undefined,
    );
    expect(importsOf(Buffer.alloc(3))).toBe(undefined);
  });
});
