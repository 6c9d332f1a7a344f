import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#main/services/audit.ts';
import { saveFailure, saveFiles } from '#main/services/saveFiles.ts';
import { createSessions, MOST_SESSIONS } from '#main/services/sessions.ts';
import { createSettings, DEFAULT_SETTINGS } from '#main/services/settings.ts';
import type { NamedFile } from '#shared/contract/values.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { temporaryFolder } from './testing/application.ts';

const job = { signal: new AbortController().signal, onProgress: () => undefined };

let folder: string;
let notices: Failure[];
const onNotice = (what: Failure): void => void notices.push(what);

beforeEach(async () => {
  folder = await temporaryFolder();
  notices = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('settings', () => {
  it('are the defaults at first, without a notice', () => {
    expect(createSettings(folder, onNotice).current()).toEqual(DEFAULT_SETTINGS);
    expect(notices).toEqual([]);
  });

  it('are kept', async () => {
    const changed = { engine: 'onnx', resolution: 128 } as const;
    const settings = createSettings(join(folder, 'new'), onNotice);
    const all = { ...DEFAULT_SETTINGS, ...changed };
    expect(await settings.change(changed)).toEqual(all);
    expect(settings.current()).toEqual(all);
    expect(createSettings(join(folder, 'new'), onNotice).current()).toEqual(all);
    expect(await readdir(join(folder, 'new'))).toEqual(['settings.json']);
  });

  it.each(['', '{"engine": "onnx"', '{"engine":"steam","resolution":256}', 'null'])(
    'are the defaults where the file is damaged: %j',
    async (text) => {
      await writeFile(join(folder, 'settings.json'), text);
      const settings = createSettings(folder, onNotice);
      expect(settings.current()).toEqual(DEFAULT_SETTINGS);
      expect(notices).toHaveLength(1);
      await settings.change({ engine: 'auto', resolution: 128 });
      expect(createSettings(folder, onNotice).current().resolution).toBe(128);
    },
  );

  it('say so where they cannot be kept', async () => {
    await writeFile(join(folder, 'file'), '');
    const settings = createSettings(join(folder, 'file'), onNotice);
    const failure = settings.change({ engine: 'auto', resolution: 128 });
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.not.toThrow(folder);
    expect(settings.current()).toEqual(DEFAULT_SETTINGS);
  });
});

describe('the audit trail', () => {
  const event = { kind: 'open', seriesInstanceUid: '2.25.1', detail: 'Two "quoted"\nlines' } as const;
  const lines = async (): Promise<string[]> =>
    (await readFile(join(folder, 'audit.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');

  it('is a line of JSON for each event, in order', async () => {
    let minute = 0;
    const audit = createAuditTrail(folder, () => new Date(Date.UTC(2026, 0, 1, 0, minute++)));
    await Promise.all(
      ['a', 'b', 'c'].map((detail) => audit.record({ ...event, detail })).concat(audit.record(event)),
    );
    const records = (await lines()).map((line) => JSON.parse(line));
    expect(records.map(({ detail }) => detail)).toEqual(['a', 'b', 'c', event.detail]);
    expect(records[3]).toEqual({ at: '2026-01-01T00:03:00.000Z', ...event });
  });

  it('goes on after a line that was cut short', async () => {
    await createAuditTrail(folder).record(event);
    await appendFile(join(folder, 'audit.jsonl'), '{"at":"2026');
    await createAuditTrail(folder).record(event);
    const all = await lines();
    expect(all).toHaveLength(3);
    expect(JSON.parse(all[2]!)).toMatchObject(event);
  });

  it('says so where it cannot be written', async () => {
    await mkdir(join(folder, 'audit.jsonl'));
    await expect(createAuditTrail(folder).record(event)).rejects.toThrow(UserError);
    await expect(createAuditTrail(folder).record(event)).rejects.not.toThrow(folder);
  });
});

describe('sessions', () => {
  let minute: number;
  const sessions = () =>
    createSessions({
      dataFolder: folder,
      onNotice,
      now: () => new Date(Date.UTC(2026, 0, 1, 0, minute++)),
    });
  const summary = (id: string) => ({ id, title: `Work ${id}`, seriesInstanceUid: '2.25.1' });
  const state = (...bytes: number[]) => new Uint8Array(bytes);
  const fileOf = (id: string): string => join(folder, 'sessions', `${id}.session`);

  beforeEach(() => {
    minute = 0;
  });

  it('are kept byte for byte, the newest first', async () => {
    const { save, list, load } = sessions();
    expect(await list({}, job)).toEqual([]);
    const saved = await save({ summary: summary('a'), state: state(1, 10, 2, 10) }, job);
    expect(saved).toEqual({ ...summary('a'), savedAt: '2026-01-01T00:00:00.000Z' });
    await save({ summary: summary('b'), state: state() }, job);
    expect((await sessions().list({}, job)).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(await load({ id: 'a' }, job)).toMatchObject({ state: state(1, 10, 2, 10) });
    expect(await load({ id: 'b' }, job)).toMatchObject({ state: state() });
  });

  it('replace the one of the same id', async () => {
    const { save, list, load } = sessions();
    await save({ summary: summary('a'), state: state(1) }, job);
    await save({ summary: summary('a'), state: state(2) }, job);
    expect(await list({}, job)).toHaveLength(1);
    expect(await load({ id: 'a' }, job)).toMatchObject({ state: state(2) });
    expect(await readdir(join(folder, 'sessions'))).toEqual(['a.session']);
  });

  it('are not replaced where another page saved them in the meantime', async () => {
    const { save, load, remove } = sessions();
    const first = await save({ summary: summary('a'), state: state(1), basedOn: null }, job);
    const second = await save({ summary: summary('a'), state: state(2), basedOn: first.savedAt }, job);
    for (const basedOn of [null, first.savedAt]) {
      await expect(save({ summary: summary('a'), state: state(3), basedOn }, job)).rejects.toThrow(
        'saved in another window',
      );
    }
    expect(await load({ id: 'a' }, job)).toEqual({ state: state(2), savedAt: second.savedAt });
    await save({ summary: summary('a'), state: state(3), basedOn: second.savedAt }, job);
    await expect(remove({ id: 'a', basedOn: second.savedAt }, job)).rejects.toThrow(
      'saved in another window',
    );
    // What was removed elsewhere is saved again rather than lost.
    await remove({ id: 'a' }, job);
    await save({ summary: summary('a'), state: state(4), basedOn: second.savedAt }, job);
    expect(await load({ id: 'a' }, job)).toMatchObject({ state: state(4) });
  });

  it('tell saves within the same millisecond apart', async () => {
    const { save } = createSessions({ dataFolder: folder, onNotice, now: () => new Date(0) });
    const first = await save({ summary: summary('a'), state: state(1), basedOn: null }, job);
    const second = await save({ summary: summary('a'), state: state(2), basedOn: first.savedAt }, job);
    expect(second.savedAt > first.savedAt).toBe(true);
  });

  it('are removed, once or twice', async () => {
    const { save, list, load, remove } = sessions();
    await save({ summary: summary('a'), state: state(1) }, job);
    await remove({ id: 'a' }, job);
    await remove({ id: 'a' }, job);
    expect(await list({}, job)).toEqual([]);
    await expect(load({ id: 'a' }, job)).rejects.toThrow(UserError);
  });

  it(`are at most ${MOST_SESSIONS}; the oldest are removed`, async () => {
    const { save, list } = sessions();
    for (let n = 0; n < MOST_SESSIONS + 2; n++) {
      await save({ summary: summary(`s${n}`), state: state(n) }, job);
    }
    const ids = (await list({}, job)).map(({ id }) => id);
    expect(ids).toHaveLength(MOST_SESSIONS);
    expect(ids).not.toContain('s1');
    expect(ids).toContain('s2');
  });

  it('are left out where they are damaged, with one notice for each', async () => {
    const { save, list, load } = sessions();
    for (const id of ['whole', 'cut', 'other'])
      await save({ summary: summary(id), state: state(1, 2, 3) }, job);
    await truncate(fileOf('cut'), (await stat(fileOf('cut'))).size - 1);
    await writeFile(fileOf('other'), 'something else');
    for (let again = 0; again < 2; again++) {
      expect((await list({}, job)).map(({ id }) => id)).toEqual(['whole']);
    }
    expect(notices).toHaveLength(2);
    await expect(load({ id: 'cut' }, job)).rejects.toThrow(UserError);
    await expect(load({ id: 'other' }, job)).rejects.toThrow(UserError);
  });

  it('are not opened where a byte changed', async () => {
    const { save, load } = sessions();
    await save({ summary: summary('a'), state: state(1, 2, 3) }, job);
    const file = await readFile(fileOf('a'));
    file[file.length - 2]! ^= 1;
    await writeFile(fileOf('a'), file);
    await expect(load({ id: 'a' }, job)).rejects.toThrow(UserError);
  });

  it('survive a kill in the middle of the next save: its unfinished file is not a session', async () => {
    const { save } = sessions();
    await save({ summary: summary('a'), state: state(1) }, job);
    // Saving writes beside the file, under its name and a number, then renames.
    const leftover = `${fileOf('a')}.123456`;
    await writeFile(leftover, 'half a sess');
    await utimes(leftover, new Date(0), new Date(0));
    const { list, load } = sessions();
    expect((await list({}, job)).map(({ id }) => id)).toEqual(['a']);
    expect(await load({ id: 'a' }, job)).toMatchObject({ state: state(1) });
    expect(notices).toEqual([]);
    await save({ summary: summary('b'), state: state(2) }, job);
    expect((await readdir(join(folder, 'sessions'))).sort()).toEqual(['a.session', 'b.session']);
  });
});

describe('saving files', () => {
  const file = (name: string, ...bytes: number[]): NamedFile => ({ name, bytes: new Uint8Array(bytes) });
  const read = async (name: string): Promise<number[]> => [...(await readFile(join(folder, name)))];

  it('writes them', async () => {
    await saveFiles(folder, [file('a.stl', 1, 2), file('a.stl.json', 3)]);
    expect((await readdir(folder)).sort()).toEqual(['a.stl', 'a.stl.json']);
    expect(await read('a.stl')).toEqual([1, 2]);
  });

  it('never writes over what is there: a set with a name that is taken goes into a new folder', async () => {
    expect(await saveFiles(folder, [file('a.stl', 1)])).toBe(basename(folder));
    expect(await saveFiles(folder, [file('b.stl', 2), file('a.stl', 3)])).toBe('Auricle export 2');
    expect(await saveFiles(folder, [file('a.stl', 4)])).toBe('Auricle export 3');
    expect(await saveFiles(folder, [file('b.stl', 5)])).toBe(basename(folder));
    const found = (await readdir(folder, { recursive: true })).sort();
    expect(found.map((name) => name.replaceAll('\\', '/'))).toEqual([
      'Auricle export 2',
      'Auricle export 2/a.stl',
      'Auricle export 2/b.stl',
      'Auricle export 3',
      'Auricle export 3/a.stl',
      'a.stl',
      'b.stl',
    ]);
    expect(await read('a.stl')).toEqual([1]);
    expect(await read('Auricle export 2/a.stl')).toEqual([3]);
    expect(await read('Auricle export 3/a.stl')).toEqual([4]);
  });

  it('leaves no new folder behind when one of its files fails', async () => {
    await saveFiles(folder, [file('a', 1)]);
    // Short enough to be looked for, too long for the name under which it is first written.
    const tooLong = `${'n'.repeat(250)}.stl`;
    await expect(saveFiles(folder, [file('a', 2), file(tooLong, 3)])).rejects.toThrow(UserError);
    expect(await readdir(folder)).toEqual(['a']);
  });

  it.each(['../a.stl', 'a/b', 'a:b', 'a\u0000', 'a.', ''])('refuses the name %j', async (name) => {
    await expect(saveFiles(folder, [file(name, 1)])).rejects.toThrow(UserError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses two files of one name', async () => {
    await expect(saveFiles(folder, [file('a', 1), file('A', 2)])).rejects.toThrow(UserError);
  });

  it('says so where the folder is none, without its path', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const name of ['file', 'gone']) {
      const failure = saveFiles(join(folder, name), [file('a', 1)]);
      await expect(failure).rejects.toThrow('The folder no longer exists: choose another one.');
    }
    expect(await readdir(folder)).toEqual(['file']);
  });

  // Nothing is read-only for the superuser.
  it.skipIf(process.getuid?.() === 0)('says so where the folder may not be written to', async () => {
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o555);
    await expect(saveFiles(locked, [file('a', 1)])).rejects.toThrow('No permission to write');
  });

  it.each([
    ['ENOSPC', 'The disk is full'],
    ['EDQUOT', 'The disk is full'],
    ['EACCES', 'No permission to write'],
    ['EPERM', 'No permission to write'],
    ['EROFS', 'No permission to write'],
    ['EIO', '(EIO)'],
  ])('has a sentence for %s', (code, part) => {
    expect(words().sentence(saveFailure(code))).toContain(part);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    await expect(saveFiles(folder, [file('a', 1)], AbortSignal.abort())).rejects.toThrow(CancelledError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind when one of them fails', async () => {
    const tooLong = `${'n'.repeat(300)}.stl`;
    await expect(saveFiles(folder, [file('a', 1), file(tooLong, 2)])).rejects.toThrow(UserError);
    expect(await readdir(folder)).toEqual([]);
  });
});
