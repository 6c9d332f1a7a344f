import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { HttpAnswer, HttpConnection } from './httpConnection.ts';
import { MultipartError, parseContentType, readMultipart } from './multipart.ts';

/*
 * WADO-RS (PS3.18 section 10.4): DICOM files, each handed on while it arrives.
 */

/** As it is stored: nothing is compressed or decompressed on the way. */
const ACCEPT_AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const ACCEPT_DICOM = 'multipart/related; type="application/dicom"';
/** How servers refuse an `Accept` that they do not understand. */
const NOT_ACCEPTABLE = [400, 406, 415];

/**
 * The DICOM files below a path (`/studies/…/series/…`, with or without `/instances/…`). Each has to be read before the
 * next is asked for.
 *
 * @throws UserError, CancelledError
 */
export async function* retrieveFiles(
  connection: HttpConnection,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const answer = await ask(connection, path, signal);
  const { server } = connection;
  try {
    const { mediaType, parameters } = parseContentType(answer.contentType);
    // Some servers send a single instance by itself.
    if (mediaType === 'application/dicom') {
      yield answer.body;
      return;
    }
    const boundary = parameters.get('boundary') ?? '';
    if (mediaType !== 'multipart/related' || boundary === '')
      throw new UserError(failure('network.answer-type', { server, contentType: mediaType }));
    for await (const part of readMultipart(answer.body, boundary)) {
      if (!['application/dicom', 'application/octet-stream', ''].includes(part.mediaType))
        throw new UserError(failure('network.answer-type', { server, contentType: part.mediaType }));
      yield inWords(part.body, server);
    }
  } catch (thrown) {
    throw asUserError(thrown, server);
  } finally {
    answer.discard();
  }
}

async function ask(
  connection: HttpConnection,
  path: string,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const request = { method: 'GET', path, signal } as const;
  const answer = await connection.send({
    ...request,
    accept: ACCEPT_AS_STORED,
    alsoStatus: NOT_ACCEPTABLE,
  });
  if (!NOT_ACCEPTABLE.includes(answer.status)) return answer;
  answer.discard();
  return connection.send({ ...request, accept: ACCEPT_DICOM });
}

async function* inWords(body: AsyncIterable<Uint8Array>, server: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (thrown) {
    throw asUserError(thrown, server);
  }
}

function asUserError(thrown: unknown, server: string): unknown {
  if (!(thrown instanceof MultipartError)) return thrown;
  const code = thrown.kind === 'cut' ? 'network.answer-cut' : 'network.answer-damaged';
  return new UserError(failure(code, { server }), { cause: thrown });
}
