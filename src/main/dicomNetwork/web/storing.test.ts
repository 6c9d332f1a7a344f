import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ctSlice } from '#shared/dicom/testing/ctFixtures.ts';
import { collectFiles } from '../filesToStore.ts';
import { identityOfFile } from '../testing/fakeDicomWeb.ts';
import { failureFrom, setUpFakeServers, slices, volume } from '../testing/fakeServers.ts';

const { archiveOf, fakeServer, folder } = setUpFakeServers();

describe('storing', () => {
  async function written(files: readonly Uint8Array[]): Promise<string[]> {
    return Promise.all(
      files.map(async (file, index) => {
        const path = join(folder(), `file-${index}.dcm`);
        await writeFile(path, file);
        return path;
      }),
    );
  }

  it('sends the bytes of each object once, and again without harm', async () => {
    const fake = await fakeServer({ files: [] });
    const archive = archiveOf(fake.url);
    await written([...slices, slices[0]!]);
    await writeFile(join(folder(), 'notes.txt'), 'nothing to see');
    const files = await collectFiles([folder()]);
    expect(files).toHaveLength(8);
    for (let time = 0; time < 2; time++) {
      const results = await archive.store(files);
      expect(results.map((result) => result.failure)).toEqual(files.map(() => undefined));
      expect([...fake.files.values()].map((file) => Buffer.from(file)).sort(Buffer.compare)).toEqual(
        slices.map((slice) => Buffer.from(slice)).sort(Buffer.compare),
      );
    }
  });

  it('sends files whose names are no UTF-8, and nothing of a folder in which something cannot be read', async () => {
    const fake = await fakeServer({ files: [] });
    const place = Buffer.concat([Buffer.from(`${folder()}/M`), Buffer.of(0xfc), Buffer.from('ller.dcm')]);
    await writeFile(place, slices[0]!);
    const results = await archiveOf(fake.url).store(await collectFiles([folder()]));
    expect(results.map((result) => result.failure)).toEqual([undefined]);
    await symlink(join(folder(), 'gone.dcm'), join(folder(), 'linked.dcm'));
    await expect(collectFiles([folder()])).rejects.toThrow('linked.dcm');
  });

  it('sends again what a server that died in the middle may not have kept', async () => {
    const fake = await fakeServer({ files: [] });
    let posts = 0;
    fake.intercept = ({ method }, response) => {
      if (method !== 'POST' || posts++ > 0) return false;
      response.destroy();
      return true;
    };
    const results = await archiveOf(fake.url).store(await collectFiles(await written(slices)));
    expect(results.every((result) => result.failure === undefined)).toBe(true);
    expect(posts).toBe(2);
    expect(fake.files.size).toBe(8);
  });

  it('says of each object whether it was refused, with the status', async () => {
    const refused = identityOfFile(slices[1]!).sopInstanceUid;
    const fake = await fakeServer({
      files: [],
      intercept: ({ method }, response) => {
        if (method !== 'POST') return false;
        const item = (sopInstanceUid: string, more = {}) => ({
          '00081155': { vr: 'UI', Value: [sopInstanceUid] },
          ...more,
        });
        const said = {
          '00081198': { vr: 'SQ', Value: [item(refused, { '00081197': { vr: 'US', Value: [0xa700] } })] },
          '00081199': { vr: 'SQ', Value: [item(identityOfFile(slices[0]!).sopInstanceUid)] },
        };
        response.writeHead(202, { 'content-type': 'application/dicom+json' }).end(JSON.stringify(said));
        return true;
      },
    });
    const results = await archiveOf(fake.url).store(await collectFiles(await written(slices.slice(0, 3))));
    expect(results.map(({ failure: why }) => why?.code)).toEqual([
      undefined,
      'network.instance-refused',
      // Not mentioned, and not in the server's list.
      'network.instance-unconfirmed',
    ]);
    expect(results[1]?.failure).toMatchObject({ fields: { status: '0xA700' } });
  });

  it('looks whether an object is there where the answer does not say, and sends one by one what is too large', async () => {
    const fake = await fakeServer({ files: [slices[0]!] });
    fake.intercept = ({ method }, response) => {
      if (method !== 'POST') return false;
      response.writeHead(200, { 'content-type': 'text/plain' }).end('stored');
      return true;
    };
    const one = await collectFiles(await written(slices.slice(0, 1)));
    expect(await archiveOf(fake.url).store(one)).toEqual([{ file: one[0] }]);
    let posts = 0;
    fake.intercept = ({ method }, response) => {
      if (method !== 'POST' || posts++ > 0) return false;
      response.writeHead(413).end();
      return true;
    };
    const three = await collectFiles(await written(slices.slice(0, 3)));
    expect((await archiveOf(fake.url).store(three)).every((result) => result.failure === undefined)).toBe(
      true,
    );
    expect(posts).toBe(4);
  });

  it('refuses what is no DICOM, nothing at all, and two objects of one identifier', async () => {
    await writeFile(join(folder(), 'notes.txt'), 'nothing to see');
    expect(await failureFrom(collectFiles([folder()]))).toMatchObject({ code: 'network.nothing-to-store' });
    expect(await failureFrom(collectFiles([join(folder(), 'notes.txt')]))).toMatchObject({
      code: 'network.file-not-dicom',
    });
    const twice = ctSlice(volume, 5, { '0008,0018': identityOfFile(slices[2]!).sopInstanceUid });
    expect(await failureFrom(collectFiles(await written([slices[2]!, twice])))).toMatchObject({
      code: 'network.files-contradict',
    });
  });
});
