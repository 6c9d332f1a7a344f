import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addVisualCRuntime, newestRedistributable } from './addVisualCRuntime.ts';
import { packageFolderOf } from './bundledPackages.ts';
import { licencesOf, licenceText } from './licences.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('the package that a module belongs to', () => {
  it.each([
    ['/p/node_modules/zod/v4/index.js', 'node_modules/zod'],
    ['/p/node_modules/@itk-wasm/image-io/dist/x.wasm.zst?url', 'node_modules/@itk-wasm/image-io'],
    ['\0/p/node_modules/a/node_modules/@b/c/d.js?commonjs-module', 'node_modules/a/node_modules/@b/c'],
    ['/p/src/main/entry.cli.ts', undefined],
    ['\0rolldown/runtime.js', undefined],
  ])('of %s is %s', (moduleId, folder) => {
    expect(packageFolderOf(moduleId, '/p')).toBe(folder);
  });
});

describe('the licences', () => {
  it('are a package’s own words, or the standard ones, and name what is compiled into it', () => {
    const licences = licencesOf(ROOT, ['node_modules/zod', 'node_modules/onnxruntime-node']);
    expect(licences.map(({ name, identifier, author }) => [name, identifier, author])).toEqual([
      ['ONNX Runtime (in onnxruntime-node)', 'MIT', 'Microsoft Corporation'],
      ['onnxruntime-node', 'MIT', 'fs-eire'],
      ['zod', 'MIT', 'Colin McDonnell'],
    ]);
    const text = licenceText(licences);
    expect(text).toContain('Copyright (c) 2025 Colin McDonnell');
    expect(text.match(/Permission is hereby granted/g)).toHaveLength(3);
  });
});

describe('Microsoft’s C++ runtime', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auricle-redist-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is taken from the newest Visual Studio', () => {
    const of = (version: string): string =>
      join(
        folder,
        'Microsoft Visual Studio',
        `2022/Enterprise/VC/Redist/MSVC/${version}/x64/Microsoft.VC143.CRT`,
      );
    for (const version of ['14.9.1', '14.44.35112', 'v143']) mkdirSync(of(version), { recursive: true });
    expect(newestRedistributable([join(folder, 'absent'), folder])).toBe(of('14.44.35112'));
    expect(newestRedistributable([])).toBe(undefined);
  });

  it('is left alone where nothing needs it', () => {
    const app = join(folder, 'app');
    mkdirSync(join(app, 'resources'), { recursive: true });
    writeFileSync(
      join(app, 'resources', 'plain.dll'),
      'not a library, and longer than the header of one would have to be',
    );
    addVisualCRuntime(app, folder);
    expect(readdirSync(join(app, 'resources'))).toEqual(['plain.dll']);
  });
});
