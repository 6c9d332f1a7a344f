import { afterEach, expect, it, vi } from 'vitest';
import { filesInTurn } from './filesInTurn.ts';

afterEach(() => void vi.restoreAllMocks());

const texts = ['one', '', 'three', 'four'];
const blobs = texts.map((text) => new Blob([text]));

/** What comes of each file; its bytes are those of the next one afterwards. */
async function readAll(files: readonly Blob[]): Promise<(string | undefined)[]> {
  const turn = filesInTurn(files);
  const read: (string | undefined)[] = [];
  for (const _ of files) {
    const bytes = await turn.next();
    read.push(bytes && new TextDecoder().decode(bytes));
  }
  return read;
}

/** A stream of bytes in pieces of two, which breaks where there are no more. */
const breaking = (text: string) => () => {
  let rest = new TextEncoder().encode(text);
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      if (rest.length === 0) return controller.error(new DOMException('gone', 'NotReadableError'));
      controller.enqueue(rest.slice(0, 2));
      rest = rest.slice(2);
    },
  });
};

it('gives files one after the other, always in the same memory', async () => {
  expect(await readAll(blobs)).toEqual(texts);
  const turn = filesInTurn(blobs.slice(2));
  const first = await turn.next();
  await turn.next();
  expect(first?.length).toBe(0);
});

it('leaves out large files, and what is asked for beyond the last one', async () => {
  const large = new Blob([new Uint8Array(4 * 2 ** 20 + 1)]);
  expect(await readAll([blobs[0]!, large, blobs[2]!])).toEqual(['one', undefined, 'three']);
  expect(await readAll([large])).toEqual([undefined]);
  const none = filesInTurn([]);
  expect(await none.next()).toBeUndefined();
  expect(await none.isInStep()).toBe(true);
});

it('reads the rest otherwise where the stream breaks, and leaves out what is gone', async () => {
  const stream = vi.spyOn(Blob.prototype, 'stream').mockImplementation(breaking('onethr'));
  const gone = (): Promise<never> => Promise.reject(new DOMException('gone', 'NotReadableError'));
  const third = Object.assign(new Blob(['third']), { arrayBuffer: gone });
  const arrayBuffer = vi.spyOn(Blob.prototype, 'arrayBuffer').mockImplementationOnce(gone);
  expect(await readAll([blobs[0]!, blobs[1]!, third, blobs[3]!])).toEqual(['one', '', undefined, 'four']);
  expect(stream).toHaveBeenCalledOnce();
  // Together, then the last one by itself.
  expect(arrayBuffer).toHaveBeenCalledTimes(2);
});

it('reads without streams that fill memory', async () => {
  vi.spyOn(Blob.prototype, 'stream').mockImplementation(() => new ReadableStream());
  expect(await readAll(blobs)).toEqual(texts);
});

it.each([
  ['onethreefour', true],
  ['onethrefour', false],
  ['onethreefourmore', false],
])('tells a stream that is out of step with the sizes of the files: %s', async (streamed, isInStep) => {
  const bytes = new TextEncoder().encode(streamed);
  vi.spyOn(Blob.prototype, 'stream').mockImplementation(
    () =>
      new ReadableStream({
        type: 'bytes',
        start(controller) {
          controller.enqueue(bytes);
          controller.close();
        },
      }),
  );
  const turn = filesInTurn(blobs);
  for (const _ of blobs) await turn.next();
  expect(await turn.isInStep()).toBe(isInStep);
});
