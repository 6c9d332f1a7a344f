import { contentSecurityPolicy, securityHeaders } from '../../page/contentSecurityPolicy.ts';
import { readPageFile } from '../../page/pageFiles.ts';
import { isOwnPage } from '../../page/pageOrigin.ts';

/** Answers a request of the pages' scheme from the folder of the built pages, with the same headers as in a browser. */
export async function answerPageRequest(
  folder: string,
  request: Pick<Request, 'method' | 'url'>,
): Promise<Response> {
  const headers = securityHeaders(contentSecurityPolicy());
  const refuse = (status: number): Response => new Response(null, { status, headers });
  if (!isOwnPage(request.url)) return refuse(403);
  if (request.method !== 'GET') return refuse(405);
  const file = await readPageFile(folder, new URL(request.url).pathname);
  if (!file) return refuse(404);
  return new Response(file.bytes, { headers: { ...headers, 'Content-Type': file.contentType } });
}
