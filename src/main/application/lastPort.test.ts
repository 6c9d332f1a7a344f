import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forgetPort, keepPort, lastPort } from './lastPort.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'port-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('remembers the port of the last server, and any other text counts as none', async () => {
  expect(await lastPort(folder)).toBe(0);
  await keepPort(folder, 40123);
  expect(await lastPort(folder)).toBe(40123);
  await forgetPort(folder);
  expect(await lastPort(folder)).toBe(0);
  await forgetPort(folder);
  for (const text of ['', '{"port":0}', '{"port":"80"}', '{"port":70000}']) {
    writeFileSync(join(folder, 'server.json'), text);
    expect(await lastPort(folder), text).toBe(0);
  }
});

it('that cannot be stored stops nothing', async () => {
  writeFileSync(join(folder, 'file'), '');
  await keepPort(join(folder, 'file'), 40123);
  expect(await lastPort(join(folder, 'file'))).toBe(0);
  await forgetPort(join(folder, 'file'));
});
