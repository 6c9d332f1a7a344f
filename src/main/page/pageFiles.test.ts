import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageFilePath, readPageFile } from './pageFiles.ts';

/** Ways out of a folder that web servers have fallen for. */
const ESCAPES = [
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '/%252e%252e/secret.txt',
  '//etc/passwd.txt',
  '/C:/secret.txt',
  '/index.html%00.txt',
  '/./index.html',
  '/assets//app.js',
  '/.env.txt',
  '/assets/.hidden.js',
  '/%',
  '/%c0%ae%c0%ae/secret.txt',
  '',
  'index.html',
];

describe("the renderer's files", () => {
  let outside = '';
  let folder = '';
  beforeAll(() => {
    outside = mkdtempSync(join(tmpdir(), 'renderer-'));
    folder = join(outside, 'renderer');
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'assets', 'app-B_1.min.js'), 'export {}');
    writeFileSync(join(folder, 'assets', 'codec.wasm'), 'wasm');
    writeFileSync(join(folder, 'assets', 'codec.wasm.zst'), 'compressed');
    writeFileSync(join(folder, 'assets', 'tool.exe'), 'MZ');
    symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
    symlinkSync(outside, join(folder, 'up'));
  });
  afterAll(() => rmSync(outside, { recursive: true, force: true }));

  it('finds the first page and what it is made of, with their types', async () => {
    expect((await readPageFile(folder, '/'))?.contentType).toBe('text/html; charset=utf-8');
    expect((await readPageFile(folder, '/index.html'))?.bytes.toString()).toBe('<!doctype html>');
    expect((await readPageFile(folder, '/assets/app-B_1.min.js'))?.contentType).toMatch(/^text\/javascript/);
    expect((await readPageFile(folder, '/assets/codec.wasm'))?.contentType).toBe('application/wasm');
    expect((await readPageFile(folder, '/assets/codec.wasm.zst'))?.contentType).toBe('application/zstd');
  });

  it.each(ESCAPES)('does not follow %s', async (path) => {
    expect(pageFilePath(path)).toBeUndefined();
    expect(await readPageFile(folder, path)).toBeUndefined();
  });

  it.each(['/link.txt', '/up/secret.txt'])('does not follow a link out of the folder: %s', async (path) => {
    expect(pageFilePath(path)).toBeDefined();
    expect(await readPageFile(folder, path)).toBeUndefined();
  });

  it('answers nothing for folders, missing files and types that no page needs', async () => {
    for (const path of ['/assets', '/assets/', '/none.js', '/assets/tool.exe']) {
      expect(await readPageFile(folder, path), path).toBeUndefined();
    }
  });
});
