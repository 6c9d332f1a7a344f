import { createRequire } from 'node:module';

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  setQuality?(...quality: (boolean | number)[]): void;
  setDecompositions?(count: number): void;
  setNearLossless?(allowed: number): void;
  delete(): void;
}

export interface ImageToEncode {
  readonly columns: number;
  readonly rows: number;
  /** Little-endian, one byte a value up to 8 bits, else two. */
  readonly stored: Uint8Array;
  readonly bits?: number;
  readonly isSigned?: boolean;
  readonly lossless?: boolean;
}

export const LIBRARIES = {
  jpeg: ['codec-libjpeg-turbo-8bit/wasmjs', 'JPEGEncoder'],
  jpegLs: ['codec-charls/wasmjs', 'JpegLSEncoder'],
  jpeg2000: ['codec-openjpeg/wasmjs', 'J2KEncoder'],
  htj2k: ['codec-openjph/wasmjs', 'HTJ2KEncoder'],
} as const;

const require = createRequire(import.meta.url);

type EncoderModule = Record<string, new () => Encoder>;

/** Compiled once: that takes longer than encoding. */
const modules = new Map<string, Promise<EncoderModule>>();

function moduleOf(library: string): Promise<EncoderModule> {
  const create = require(`@cornerstonejs/${library}`) as (options: object) => Promise<EncoderModule>;
  const known = modules.get(library) ?? create({ print: () => {}, printErr: () => {} });
  modules.set(library, known);
  return known;
}

/** Encodes with the libraries' own encoders, in builds that are larger than the decoders and not shipped. */
export async function encodeWithLibrary(
  [library, name]: readonly [string, string],
  { columns, rows, stored, bits = 16, isSigned = false, lossless = true }: ImageToEncode,
): Promise<Uint8Array> {
  const encoder = new (await moduleOf(library))[name]!();
  const frame = {
    width: columns,
    height: rows,
    bitsPerSample: bits,
    componentCount: 1,
    isSigned,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(frame).set(stored);
  // Five halvings, the default, are too many for so small an image.
  encoder.setDecompositions?.(2);
  if (name === 'J2KEncoder' || name === 'HTJ2KEncoder') encoder.setQuality?.(lossless, 0.02);
  if (name === 'JpegLSEncoder') encoder.setNearLossless?.(lossless ? 0 : 3);
  encoder.encode();
  const encoded = new Uint8Array(encoder.getEncodedBuffer());
  encoder.delete();
  return encoded;
}
