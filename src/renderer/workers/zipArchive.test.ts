import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { inWords } from '#shared/words/testing/inWords.ts';
import type { ArchiveEntry } from './studyTasks.ts';
import { crc32, extractEntry, listArchive } from './zipArchive.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const TEXT = ascii('the quick brown fox jumps over the lazy dog, the quick brown fox');
const bytesOf = async (blob: Blob | undefined): Promise<Uint8Array> =>
  new Uint8Array((await blob?.arrayBuffer()) ?? []);
const blobOf = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)]);
const entriesOf = async (archive: Blob): Promise<readonly ArchiveEntry[]> => {
  const listing = await listArchive(archive);
  if (listing.kind === 'failed') throw new Error(listing.reason.code);
  return listing.entries;
};

describe('crc32', () => {
  it('has the check value of the standard', () => {
    expect(crc32(ascii('123456789'))).toBe(0xcbf43926);
  });
});

describe('ZIP archives', () => {
  const zipped = zipSync({
    'folder/': new Uint8Array(0),
    'folder/deflated': [TEXT, { level: 9 }],
    stored: [TEXT, { level: 0 }],
    empty: new Uint8Array(0),
    'bücher.txt': TEXT,
  });

  it('give back their files, folders left out', async () => {
    const archive = blobOf(zipped);
    const entries = await entriesOf(archive);
    expect(entries.map(({ path }) => path)).toEqual(['folder/deflated', 'stored', 'empty', 'bücher.txt']);
    const files = await Promise.all(entries.map((entry) => extractEntry(archive, entry).then(bytesOf)));
    expect(files).toEqual([TEXT, TEXT, new Uint8Array(0), TEXT]);
  });

  it('are found behind other bytes and before a comment', async () => {
    const withComment = new Uint8Array([...zipped, ...ascii('a comment')]);
    new DataView(withComment.buffer).setUint16(zipped.length - 2, 9, true);
    expect(await entriesOf(blobOf(withComment))).toHaveLength(4);
  });

  it('are damaged where the directory lost an entry', async () => {
    const bytes = zipped.slice();
    const lastEntry = bytes.findLastIndex((byte, at) => byte === 0x50 && bytes[at + 2] === 1);
    bytes[lastEntry] = 0;
    expect(inWords(await listArchive(blobOf(bytes)))).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('damaged'),
    });
  });

  it('refuse to give files that are not what the directory says', async () => {
    const archive = blobOf(zipped);
    const [deflated] = await entriesOf(archive);
    for (const wrong of [
      { size: TEXT.length - 1 },
      { size: TEXT.length + 1 },
      { size: 2 ** 50 },
      { crc32: 0 },
      { offset: 3 },
      { offset: 2 ** 40 },
      { compressedSize: 4 },
    ]) {
      expect(await extractEntry(archive, { ...deflated!, ...wrong })).toBeUndefined();
    }
  });

  it('never throw and never give more than they say, whatever bytes are flipped or cut', async () => {
    const flip = fc.tuple(fc.nat(zipped.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { maxLength: 6 }), fc.nat(3 * zipped.length), async (flips, end) => {
        const bytes = zipped.slice(0, end);
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
        const archive = blobOf(bytes);
        const listing = await listArchive(archive);
        if (listing.kind === 'failed') return;
        for (const entry of listing.entries) {
          const file = await extractEntry(archive, entry);
          if (file !== undefined) expect(file.size).toBe(entry.size);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
