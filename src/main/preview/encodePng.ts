import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import type { Canvas } from './canvas.ts';

const deflateSoon = promisify(deflate);

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const RGB = 2;
const BITS = 8;

/**
 * A canvas as PNG, no row filtered. Compressed by the system's own thread: a library that does it in JavaScript takes
 * four times as long, in this one.
 */
export async function encodePng({ width, height, pixels }: Canvas): Promise<Uint8Array> {
  const rowBytes = 3 * width;
  const rows = new Uint8Array(height * (1 + rowBytes));
  for (let y = 0; y < height; y++)
    rows.set(pixels.subarray(rowBytes * y, rowBytes * (y + 1)), (1 + rowBytes) * y + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, RGB], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', await deflateSoon(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Its length, its name and what it holds, and the check sum of the latter two. */
function chunk(name: string, content: Uint8Array): Buffer {
  const whole = Buffer.alloc(12 + content.length);
  whole.writeUInt32BE(content.length, 0);
  whole.write(name, 4, 'latin1');
  whole.set(content, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
  return whole;
}
