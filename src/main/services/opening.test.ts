import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MOST_BYTES_A_READ } from '#shared/contract/services/opening.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { createOpening } from './opening.ts';

const job = { signal: new AbortController().signal, onProgress: () => {} };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auricle-opening-'));
  mkdirSync(join(folder, 'CT', 'inner'), { recursive: true });
  for (const name of ['1.dcm', '2.DCM', 'inner/3', 'notes.txt'])
    writeFileSync(join(folder, 'CT', name), name);
  symlinkSync(join(folder, 'CT'), join(folder, 'CT', 'inner', 'back'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function build() {
  const events: string[] = [];
  const notices: Failure[] = [];
  const { handlers, offer } = createOpening(
    (event) => void events.push(event),
    (what) => void notices.push(what),
  );
  const take = async () => (await handlers.take({}, job)).files;
  return { handlers, offer, take, events, notices };
}

describe('what a person opened with the program', () => {
  it('is a folder with all its files, by their paths in it', async () => {
    const { offer, take, handlers } = build();
    offer([join(folder, 'CT')]);
    const files = await take();
    expect(files.map(({ path, sizeBytes }) => `${path} ${sizeBytes}`)).toEqual([
      'CT/1.dcm 5',
      'CT/2.DCM 5',
      'CT/inner/3 7',
      'CT/notes.txt 9',
    ]);
    const [first] = files;
    const { bytes } = await handlers.read({ id: first?.id ?? '', fromByte: 2 }, job);
    expect(Buffer.from(bytes).toString()).toBe('dcm');
    expect(JSON.stringify(files)).not.toContain(folder);
    // Each once.
    expect(await take()).toEqual([]);
  });

  it('says of a link to nowhere that it could not be reached', async () => {
    symlinkSync(join(folder, 'nowhere'), join(folder, 'CT', 'inner', '4'));
    const { offer, take } = build();
    offer([join(folder, 'CT')]);
    const files = await take();
    expect(files.filter(({ unreached }) => unreached !== undefined)).toEqual([
      { id: expect.any(String), path: 'CT/inner/4', sizeBytes: 0, unreached: 'file' },
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    `is named where it is a device, which is never read${process.platform === 'win32' ? ' (skipped: Windows has none in folders)' : ''}`,
    async () => {
      symlinkSync('/dev/zero', join(folder, 'CT', 'inner', '4'));
      const { offer, take } = build();
      offer([join(folder, 'CT'), join(folder, 'CT', 'inner', '4')]);
      const special = (await take()).filter(({ unreached }) => unreached === 'special');
      expect(special.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
        ['CT/inner/4', 0],
        ['4', 0],
      ]);
    },
  );

  it('is a slice with those beside it, and any other file alone', async () => {
    const { offer, take } = build();
    const pathsOf = async (...names: string[]): Promise<string[]> => {
      offer(names.map((name) => join(folder, 'CT', name)));
      return (await take()).map(({ path }) => path);
    };
    expect(await pathsOf('2.DCM')).toEqual(['1.dcm', '2.DCM']);
    expect(await pathsOf('notes.txt')).toEqual(['notes.txt']);
    expect(await pathsOf('1.dcm', 'notes.txt')).toEqual(['1.dcm', 'notes.txt']);
  });

  it('is named where it is not there, and the rest is opened', async () => {
    const { offer, take, notices } = build();
    offer([join(folder, 'gone'), join(folder, 'CT', 'inner')]);
    expect((await take()).map(({ path }) => path)).toEqual(['inner/3']);
    expect(notices).toEqual([failure('files.unreadable', { fileName: 'gone' })]);
  });

  it('comes in parts, and never from elsewhere', async () => {
    const { offer, take, handlers } = build();
    writeFileSync(join(folder, 'large.zip'), Buffer.alloc(MOST_BYTES_A_READ + 3, 7));
    offer([join(folder, 'large.zip')]);
    const [{ id } = { id: '' }] = await take();
    const sizes = [];
    for (const fromByte of [0, MOST_BYTES_A_READ, MOST_BYTES_A_READ + 3])
      sizes.push((await handlers.read({ id, fromByte }, job)).bytes.length);
    expect(sizes).toEqual([MOST_BYTES_A_READ, 3, 0]);
    expect((await handlers.read({ id, fromByte: 5, mostBytes: 16 }, job)).bytes.length).toBe(16);
    await expect(handlers.read({ id: 'other', fromByte: 0 }, job)).rejects.toMatchObject({
      failure: { code: 'studies.series-closed' },
    });
  });

  it('can still be read when other files have been opened, for these may show nothing', async () => {
    const { offer, take, handlers } = build();
    offer([join(folder, 'CT', 'notes.txt')]);
    const [{ id } = { id: '' }] = await take();
    offer([join(folder, 'CT', 'inner')]);
    await take();
    const { bytes } = await handlers.read({ id, fromByte: 0 }, job);
    expect(Buffer.from(bytes).toString()).toBe('notes.txt');
  });

  it('is one study where the system names its files one by one', async () => {
    vi.useFakeTimers();
    try {
      const { offer, take, events } = build();
      offer([join(folder, 'CT', '1.dcm')]);
      vi.advanceTimersByTime(100);
      offer([join(folder, 'CT', 'notes.txt')]);
      offer([]);
      vi.advanceTimersByTime(299);
      expect(events).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(events).toEqual(['opened']);
      expect(await take()).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
