import { expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '#shared/rpc/messageCodec.ts';

it('treats a Buffer as its bytes', () => {
  const answer = decodeMessage(encodeMessage(Buffer.from([1, 2])));
  expect(Object.prototype.toString.call(answer)).toBe('[object Uint8Array]');
  expect(answer).toEqual(new Uint8Array([1, 2]));
});

it('reads a message from a Buffer, whose slice does not copy', () => {
  const message = { a: new Float64Array([1, 2]) };
  const buffer = Buffer.from(encodeMessage(message));
  const answer = decodeMessage(buffer);
  buffer.fill(0);
  expect(answer).toEqual(message);
});
