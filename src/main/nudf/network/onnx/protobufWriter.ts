/**
 * The little of Protocol Buffers that an ONNX file needs, written by field number
 * (https://protobuf.dev/programming-guides/encoding/). Parts are kept as chunks and joined once.
 */
export interface ProtobufMessage {
  /** A varint field: integers and enumerations. */
  integer(field: number, value: number): ProtobufMessage;
  /** A fixed64 field holding a double. */
  double(field: number, value: number): ProtobufMessage;
  /** A fixed32 field holding a float. */
  float(field: number, value: number): ProtobufMessage;
  text(field: number, value: string): ProtobufMessage;
  bytes(field: number, value: Uint8Array): ProtobufMessage;
  message(field: number, value: ProtobufMessage): ProtobufMessage;
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** Base 128, least significant group first; a negative number as its 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const tag = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType);

/** An empty message. */
export function protobufMessage(): ProtobufMessage {
  const chunks: Uint8Array[] = [];
  let byteLength = 0;
  const append = (...parts: readonly Uint8Array[]): void => {
    for (const part of parts) {
      chunks.push(part);
      byteLength += part.length;
    }
  };
  const self: ProtobufMessage = {
    integer(field, value) {
      append(tag(field, VARINT), varint(value));
      return self;
    },
    float(field, value) {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setFloat32(0, value, true);
      append(tag(field, FIXED_32), bytes);
      return self;
    },
    double(field, value) {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setFloat64(0, value, true);
      append(tag(field, FIXED_64), bytes);
      return self;
    },
    text: (field, value) => self.bytes(field, new TextEncoder().encode(value)),
    bytes(field, value) {
      append(tag(field, LENGTH_DELIMITED), varint(value.length), value);
      return self;
    },
    message(field, value) {
      append(tag(field, LENGTH_DELIMITED), varint(value.byteLength), ...value.chunks);
      return self;
    },
    chunks,
    get byteLength() {
      return byteLength;
    },
  };
  return self;
}

/** The message's bytes. */
export function encodeProtobuf(message: ProtobufMessage): Uint8Array {
  const bytes = new Uint8Array(message.byteLength);
  let position = 0;
  for (const chunk of message.chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}
