import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { datasetsSchema, type JsonDataset } from './dicomJson.ts';
import type { HttpAnswer } from './httpConnection.ts';
import { parseContentType } from './multipart.ts';

/** A list of a thousand instances with their headers has a few MiB. */
const MOST_JSON_BYTES = 64 * 2 ** 20;

/** The whole body. @throws UserError where it is larger than `most` */
export async function readBytes(answer: HttpAnswer, server: string, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body) {
    length += piece.length;
    if (length > most) {
      answer.discard();
      throw new UserError(failure('network.answer-too-large', { server, bytes: most }));
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The data sets of a DICOM JSON answer; none where there is no content. @throws UserError */
export async function readDatasets(answer: HttpAnswer, server: string): Promise<JsonDataset[]> {
  const { mediaType } = parseContentType(answer.contentType);
  if (answer.status !== 204 && mediaType !== 'application/dicom+json' && mediaType !== 'application/json') {
    answer.discard();
    throw new UserError(failure('network.answer-type', { server, contentType: mediaType }));
  }
  const bytes = await readBytes(answer, server, MOST_JSON_BYTES);
  if (bytes.length === 0) return [];
  try {
    const content: unknown = JSON.parse(bytes.toString('utf8'));
    return datasetsSchema.parse(Array.isArray(content) ? content : [content]);
  } catch (thrown) {
    throw new UserError(failure('network.answer-damaged', { server }), { cause: thrown });
  }
}
