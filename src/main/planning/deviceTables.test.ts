import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { bundledFolder, deviceTables, parseDeviceTables, readDeviceTables } from './deviceTables.ts';

const good = {
  format: 'auricle-devices',
  formatVersion: 1,
  name: 'Example',
  use: 'research display only',
  source: { title: 'A chart', version: '2', isVerified: true },
  sizedBy: { section: 'ostium', diameter: 'maximum' },
  landingZoneMm: 10,
  sizes: [{ label: '24', sizeMm: 24, rangeMm: [16.8, 21.6] }],
};

const file = (content: unknown, name = 'a.json') => ({
  name,
  bytes: new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content)),
});

const whyRefused = (...files: ReturnType<typeof file>[]): unknown => {
  try {
    parseDeviceTables(files);
  } catch (thrown) {
    if (thrown instanceof UserError) return inWords(thrown.failure);
  }
  return undefined;
};

describe('the bundled device tables', () => {
  it('are sound, name their source, and are marked as unverified', async () => {
    const tables = await readDeviceTables(bundledFolder());
    expect(tables.map(({ name }) => name)).toEqual(['Amplatzer Amulet', 'Watchman FLX Pro', 'Watchman FLX']);
    for (const { source, use } of tables) {
      expect(source.isVerified).toBe(false);
      expect(source.remarks).toContain('Not compared with the manufacturer');
      expect(use).toBe('research display only');
      expect(source.notCompared).toContain('needed depth');
    }
  });

  it('say what each of two independent sources or more has of them, where it differs too', async () => {
    const page = await readFile(join(bundledFolder(), '..', '..', 'docs', 'clinical.md'), 'utf8');
    for (const { source } of await readDeviceTables(bundledFolder())) {
      const compared = source.comparedWith ?? [];
      expect(
        new Set(compared.filter(({ agrees }) => agrees).map(({ address }) => address)).size,
      ).toBeGreaterThan(1);
      expect(compared.filter(({ agrees }) => !agrees)).not.toEqual([]);
      for (const { address } of compared) expect(page).toContain(address);
    }
  });

  it('have the ranges of docs/clinical.md', async () => {
    const page = await readFile(join(bundledFolder(), '..', '..', 'docs', 'clinical.md'), 'utf8');
    for (const { sizes } of await readDeviceTables(bundledFolder())) {
      for (const { sizeMm, rangeMm } of sizes) expect(page).toContain(`${sizeMm}: ${rangeMm.join('–')}`);
    }
  });

  it('leave no gap between two sizes, and each range of the Watchman is that of its compression', async () => {
    for (const { sizes } of await readDeviceTables(bundledFolder())) {
      sizes.forEach(({ sizeMm, rangeMm, compressionPercent }, at) => {
        const next = sizes[at + 1];
        if (next) expect(next.rangeMm[0]).toBeLessThanOrEqual(rangeMm[1]);
        if (!compressionPercent) return;
        const [least, most] = compressionPercent;
        expect(sizeMm * (1 - most / 100)).toBeCloseTo(rangeMm[0], 6);
        expect(sizeMm * (1 - least / 100)).toBeCloseTo(rangeMm[1], 6);
      });
    }
  });
});

describe('a bad device table', () => {
  it('is refused in one sentence that names the file and the place', () => {
    expect(whyRefused(file('{'))).toBe('The device table a.json is not JSON.');
    expect(whyRefused(file({ ...good, landingZoneMm: 'ten' }))).toMatch(
      /^The device table a\.json cannot be used: landingZoneMm: .*number.*\.$/,
    );
    expect(whyRefused(file({ ...good, colour: 'red' }))).toContain('colour');
    expect(whyRefused(file({ ...good, sizes: [{ label: '24', sizeMm: 24, rangeMm: [21, 17] }] }))).toBe(
      'The device table a.json cannot be used: sizes.0.rangeMm: the first number must not exceed the second.',
    );
    expect(whyRefused(file({ ...good, sizes: [{ label: '24', sizeMm: 24, rangeMm: [17, 25] }] }))).toBe(
      'The device table a.json cannot be used: sizes.0.rangeMm: a device must not be narrower than what it is to fill.',
    );
    expect(whyRefused(file({ ...good, use: 'advice' }))).toContain('research display only');
    expect(whyRefused(file(good), file(good, 'b.json'))).toBe(
      'Two device tables have the name Example; keep one of them.',
    );
    expect(whyRefused({ ...file(good), name: 'notes.txt' })).toBe(
      'There is no device table (a .json file) among these files.',
    );
  });
});

describe('a hospital’s own folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-devices-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  it('replaces the bundled tables: by name, by the environment, or within the data folder', async () => {
    await writeFile(join(folder, 'a.json'), JSON.stringify(good));
    await writeFile(join(folder, 'README.md'), 'ours');
    const own = { origin: 'own', tables: [{ name: 'Example' }] };
    expect(await deviceTables(folder)).toMatchObject(own);
    vi.stubEnv('AURICLE_DEVICES', folder);
    expect(await deviceTables()).toMatchObject(own);
    vi.stubEnv('AURICLE_DEVICES', '');
    expect((await deviceTables(undefined, join(folder, 'none'))).origin).toBe('bundled');
    expect(await readdir(bundledFolder())).toContain('watchman-flx.json');
  });

  it('is refused where it is missing or has no table', async () => {
    const why = (name: string) =>
      readDeviceTables(join(folder, name)).catch((thrown: UserError) => inWords(thrown.failure));
    expect(await why('none')).toBe('The folder of device tables is not there.');
    await writeFile(join(folder, 'own.txt'), '');
    expect(await why('own.txt')).toBe('own.txt is a file: name the folder that holds the device tables.');
    expect(await why('.')).toBe('There is no device table (a .json file) among these files.');
  });
});
