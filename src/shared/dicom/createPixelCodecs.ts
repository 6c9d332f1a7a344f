import type { CodecLoaders, WasmDecoder } from './codecModules.ts';
import { decodeJpegLossless } from './jpegLossless.ts';
import { type CodecName, DecoderMissing, type FrameDescription, type PixelCodecs } from './pixelCodecs.ts';

const OTHER_SIZE = 'The decoded image has another size than its header says.';

type DecodeFrame = (codeStream: Uint8Array, frame: FrameDescription) => Uint8Array;

/**
 * The decoders for compressed frames. Each library is loaded when it is first needed. A library that failed is in an
 * unknown state: it is dropped, and loaded again for the next frame.
 */
export function createPixelCodecs(loaders: CodecLoaders): PixelCodecs {
  const load: Readonly<Record<CodecName, () => Promise<DecodeFrame>>> = {
    jpegLs: async () => {
      const { JpegLSDecoder } = await loaders.jpegLs();
      return (codeStream, frame) => decodeInWasm(new JpegLSDecoder(), codeStream, frame);
    },
    jpeg: async () => {
      const { JPEGDecoder } = await loaders.jpeg();
      return (codeStream, frame) => decodeInWasm(new JPEGDecoder(), codeStream, frame);
    },
    jpeg2000: async () => {
      const { J2KDecoder } = await loaders.jpeg2000();
      return (codeStream, frame) => decodeInWasm(new J2KDecoder(), codeStream, frame);
    },
    htj2k: async () => {
      const { HTJ2KDecoder } = await loaders.htj2k();
      return (codeStream, frame) => decodeInWasm(new HTJ2KDecoder(), codeStream, frame);
    },
    jpegLossless: async () => decodeLossless,
    jpeg12: async () => {
      const [{ decodeWithGdcm }, gdcm] = await Promise.all([import('./decodeWithGdcm.ts'), loaders.jpeg12()]);
      return (codeStream, frame) => decodeWithGdcm(gdcm, codeStream, frame);
    },
  };
  const loaded = new Map<CodecName, Promise<DecodeFrame>>();
  return {
    async decode(codec, codeStream, frame) {
      let decodeFrame = loaded.get(codec);
      if (decodeFrame === undefined) {
        decodeFrame = load[codec]().catch((thrown: unknown) => {
          throw new DecoderMissing(codec, { cause: thrown });
        });
        loaded.set(codec, decodeFrame);
      }
      try {
        return (await decodeFrame)(codeStream, frame);
      } catch (thrown) {
        loaded.delete(codec);
        throw thrown;
      }
    },
  };
}

function decodeLossless(codeStream: Uint8Array, frame: FrameDescription): Uint8Array {
  const { rows, columns, values } = decodeJpegLossless(codeStream, frame.rows);
  if (rows !== frame.rows || columns !== frame.columns) throw new RangeError(OTHER_SIZE);
  return frame.bitsAllocated === 8
    ? Uint8Array.from(values)
    : new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function decodeInWasm(decoder: WasmDecoder, codeStream: Uint8Array, frame: FrameDescription): Uint8Array {
  decoder.getEncodedBuffer(codeStream.length).set(codeStream);
  decoder.decode();
  const info = decoder.getFrameInfo();
  if (info.width !== frame.columns || info.height !== frame.rows || info.componentCount !== 1) {
    throw new RangeError(OTHER_SIZE);
  }
  // A copy: the buffer lies in the module's memory and is freed with the decoder.
  const decoded = new Uint8Array(decoder.getDecodedBuffer());
  decoder.delete();
  return asWide(decoded, frame);
}

/** Values of 8 bits in a file that allocates 16: libraries give them as bytes. */
function asWide(decoded: Uint8Array, { rows, columns, bitsAllocated }: FrameDescription): Uint8Array {
  const count = rows * columns;
  if (bitsAllocated === 8 || decoded.length !== count) return decoded;
  return new Uint8Array(Uint16Array.from(decoded).buffer);
}
