import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../files/makeFolder.ts';
import { encodeProtobuf, protobufMessage } from '../../nudf/network/onnx/protobufWriter.ts';

/*
 * TensorBoard's event files: records (length, its checksum, an Event message, its checksum) one after another.
 * Sources: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto, framework/summary.proto.
 */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32C (Castagnoli). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The checksum as records hold it: rotated and shifted, so that a checksum of checksums stays meaningful. */
const masked = (bytes: Uint8Array): number => {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
};

function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return bytes;
}

const WALL_TIME = 1;
const STEP = 2;
const FILE_VERSION = 3;
const SUMMARY = 5;

/** The record that a file begins with. */
const versionRecord = (seconds: number): Uint8Array =>
  record(encodeProtobuf(protobufMessage().double(WALL_TIME, seconds).text(FILE_VERSION, 'brain.Event:2')));

/** One record with scalars by their tags. */
export function scalarRecord(
  seconds: number,
  step: number,
  scalars: Readonly<Record<string, number>>,
): Uint8Array {
  const summary = protobufMessage();
  for (const [tag, value] of Object.entries(scalars)) {
    summary.message(1, protobufMessage().text(1, tag).float(2, value));
  }
  const event = protobufMessage().double(WALL_TIME, seconds).integer(STEP, step).message(SUMMARY, summary);
  return record(encodeProtobuf(event));
}

export interface EventFile {
  /** Appends scalars of a step. */
  write(step: number, scalars: Readonly<Record<string, number>>): Promise<void>;
}

/** A new event file in `folder`. TensorBoard reads all files of a folder as one, in the order of their times. */
export async function openEventFile(folder: string, now: () => number = Date.now): Promise<EventFile> {
  await makeFolder(folder);
  const began = now();
  const stamp = String(Math.floor(began / 1000)).padStart(10, '0');
  const file = join(folder, `events.out.tfevents.${stamp}.auricle.${process.pid}.${began % 1000}`);
  await appendFile(file, versionRecord(began / 1000));
  return { write: (step, scalars) => appendFile(file, scalarRecord(now() / 1000, step, scalars)) };
}
