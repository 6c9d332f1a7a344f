import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { messageOf, UserError } from '#shared/errors.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { createMeshingPool } from './meshing.ts';
import { createPlanning } from './planning.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auricle-planning-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const job = { signal: new AbortController().signal, onProgress: () => {} };
const table = (name: string) => ({
  name: `${name}.json`,
  bytes: new TextEncoder().encode(
    JSON.stringify({
      format: 'auricle-devices',
      formatVersion: 1,
      name,
      use: 'research display only',
      source: { title: 'A chart', version: '2', isVerified: true },
      sizedBy: { section: 'ostium', diameter: 'maximum' },
      landingZoneMm: 10,
      sizes: [{ label: '24', sizeMm: 24, rangeMm: [16.8, 21.6] }],
    }),
  ),
});

it('keeps a hospital’s own tables, all or none, and goes back to the bundled ones', async () => {
  const pool = createMeshingPool(() => {
    throw new Error('No thread is needed.');
  }, 0);
  const planning = createPlanning(pool, folder);
  const names = async () => {
    const { tables, origin } = await planning.deviceTables({}, job);
    return [origin, ...tables.map(({ name }) => name)];
  };
  expect((await names())[0]).toBe('bundled');
  await planning.replaceDeviceTables({ files: [table('Second'), table('First')] }, job);
  expect(await names()).toEqual(['own', 'Second', 'First']);
  const bad = { name: 'bad.json', bytes: new TextEncoder().encode('{}') };
  const refused = await planning
    .replaceDeviceTables({ files: [table('Third'), bad] }, job)
    .catch((thrown: unknown) => (thrown instanceof UserError ? inWords(thrown.failure) : messageOf(thrown)));
  expect(refused).toContain('bad.json');
  expect(await names()).toEqual(['own', 'Second', 'First']);
  await planning.replaceDeviceTables({ files: [] }, job);
  expect((await names())[0]).toBe('bundled');
  expect(readdirSync(folder)).toEqual([]);
  await pool.free();
});
