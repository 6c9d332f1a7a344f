import { buffer } from 'node:stream/consumers';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { FetchedSeries, SeriesToFetch } from '../fetchedSeries.ts';
import { fetchWhole, type Land } from '../landing/fetchWhole.ts';
import { associate, type NodePatience, type ProposedContext } from './associate.ts';
import { type DicomNode, nodeName } from './dicomNode.ts';
import { type Receive, STATUS } from './dicomPeer.ts';
import { type DimseRequest, type DimseResponse, dimse } from './dimseLibrary.ts';
import { findImages, statusInWords } from './queryNode.ts';
import { startReceiver } from './receiver.ts';
import { MOST_CONTEXTS, SYNTAX_GROUPS, USUAL_STORAGE_CLASSES } from './storageSyntaxes.ts';

/*
 * C-GET, which sends the images over the same association, and C-MOVE, which sends them to a port of ours (PS3.4 annex C).
 */

const GET = '1.2.840.10008.5.1.4.1.2.2.3';
const MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const UNCOMPRESSED = SYNTAX_GROUPS[0] ?? [];

/**
 * Listens for what a node sends by C-MOVE, where the node knows our AE title; `receive` gets the files of the series.
 *
 * @throws UserError where it cannot be listened there
 */
export type ListenForMove = (
  node: DicomNode,
  seriesUid: string,
  receive: Receive,
) => Promise<{ close(): Promise<void> }>;

/** At a port that is listened on while the series is fetched; encrypted where the node is spoken to so, with our certificate. */
export const listenAt =
  (address: { readonly host: string; readonly port: number }): ListenForMove =>
  ({ calledAeTitle, callingAeTitle, tls }, _seriesUid, receive) =>
    startReceiver({
      ...address,
      aeTitle: callingAeTitle,
      isAllowed: (aeTitle) => aeTitle === calledAeTitle,
      tls: tls?.identity === undefined ? undefined : { ...tls, identity: tls.identity },
      open: () => ({ receive, end: async () => {} }),
    });

const isPending = (status: number): boolean => status === 0xff00;
/** Some images failed: those that arrived are fine, and the list says which are missing. */
const isPartial = (status: number): boolean => status === 0xb000;

export function fetchFromNode(
  node: DicomNode,
  series: SeriesToFetch,
  folder: string,
  { signal, onProgress }: JobOptions,
  listenForMove: ListenForMove | undefined,
  patience: NodePatience | undefined,
): Promise<FetchedSeries> {
  const { studyUid, seriesUid } = series;
  const call = { signal, patience };
  let classes = new Set<string>();
  const retrieve = (uids: readonly string[] | undefined, land: Land): Promise<void> =>
    listenForMove === undefined
      ? retrieveByGet(node, getRequests(series, uids), classes, land, call)
      : retrieveByMove(
          node,
          moveRequests(series, uids, node.callingAeTitle),
          (receive) => listenForMove(node, seriesUid, receive),
          land,
          call,
        );
  return fetchWhole(
    {
      server: nodeName(node),
      async list() {
        const { images, withoutUid } = await findImages(node, studyUid, seriesUid, call);
        classes = new Set(images.map(({ sopClassUid }) => sopClassUid).filter((uid) => uid !== ''));
        if (images.length + withoutUid === 0) return undefined;
        return { uids: new Set(images.map((image) => image.sopInstanceUid)), withoutUid };
      },
      whole: (land) => retrieve(undefined, land),
      some: (uids, land) => retrieve(uids, land),
    },
    series,
    folder,
    withoutUndefined({ signal, onProgress }),
  );
}

/** One image of a series by C-GET, from the middle of its list; undefined where the node gives none. */
export async function imageFromNode(
  node: DicomNode,
  { studyUid, seriesUid }: Pick<SeriesToFetch, 'studyUid' | 'seriesUid'>,
  call: Call,
): Promise<Uint8Array | undefined> {
  const { images } = await findImages(node, studyUid, seriesUid, call);
  const middle = images[Math.floor(images.length / 2)];
  if (middle === undefined) return undefined;
  let image: Uint8Array | undefined;
  const requests = [
    dimse.requests.CGetRequest.createImageGetRequest(studyUid, seriesUid, middle.sopInstanceUid),
  ];
  const classes = new Set([middle.sopClassUid].filter((uid) => uid !== ''));
  const keep: Land = async (file) => {
    image = await buffer(file);
  };
  await retrieveByGet(node, requests, classes, keep, call);
  return image;
}

const getRequests = ({ studyUid, seriesUid }: SeriesToFetch, uids?: readonly string[]): DimseRequest[] =>
  uids === undefined
    ? [dimse.requests.CGetRequest.createSeriesGetRequest(studyUid, seriesUid)]
    : uids.map((uid) => dimse.requests.CGetRequest.createImageGetRequest(studyUid, seriesUid, uid));

const moveRequests = (
  { studyUid, seriesUid }: SeriesToFetch,
  uids: readonly string[] | undefined,
  aeTitle: string,
): DimseRequest[] =>
  uids === undefined
    ? [dimse.requests.CMoveRequest.createSeriesMoveRequest(aeTitle, studyUid, seriesUid)]
    : uids.map((uid) =>
        dimse.requests.CMoveRequest.createImageMoveRequest(aeTitle, studyUid, seriesUid, uid),
      );

interface Call {
  readonly signal: AbortSignal | undefined;
  readonly patience: NodePatience | undefined;
}

/** Remembers what stops everything, so that it is thrown and not sent to the node. */
function receiving(land: Land): { receive: Receive; rethrow: () => void } {
  let stopped: { readonly thrown: unknown } | undefined;
  return {
    async receive(file) {
      try {
        await land(file);
        return STATUS.success;
      } catch (thrown) {
        stopped ??= { thrown };
        return STATUS.outOfResources;
      }
    },
    rethrow() {
      if (stopped !== undefined) throw stopped.thrown;
    },
  };
}

/** Listens to the last status of each request. */
function watched(requests: readonly DimseRequest[]): { statuses: number[] } {
  const statuses: number[] = [];
  for (const request of requests)
    request.on('response', (response: DimseResponse) => {
      const status = response.getStatus();
      if (!isPending(status)) statuses.push(status);
    });
  return { statuses };
}

async function retrieveByGet(
  node: DicomNode,
  requests: readonly DimseRequest[],
  classes: ReadonlySet<string>,
  land: Land,
  { signal, patience }: Call,
): Promise<void> {
  const { receive, rethrow } = receiving(land);
  await inOneAssociation(node, GET, 'get', requests, {
    receive,
    classes,
    contexts: storageContexts(classes),
    signal,
    patience,
  }).finally(rethrow);
}

/** A context for every class and way of storing it, within what an association can hold. */
function storageContexts(classes: ReadonlySet<string>): ProposedContext[] {
  const wanted = classes.size === 0 ? USUAL_STORAGE_CLASSES : [...classes];
  const contexts = SYNTAX_GROUPS.flatMap((transferSyntaxes) =>
    wanted.map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes, isReceived: true as const })),
  );
  return contexts.slice(0, MOST_CONTEXTS - 1);
}

async function retrieveByMove(
  node: DicomNode,
  requests: readonly DimseRequest[],
  listen: (receive: Receive) => ReturnType<ListenForMove>,
  land: Land,
  { signal, patience }: Call,
): Promise<void> {
  const { receive, rethrow } = receiving(land);
  const listener = await listen(receive);
  try {
    await inOneAssociation(node, MOVE, 'move', requests, { contexts: [], signal, patience });
  } finally {
    await listener.close();
    rethrow();
  }
}

async function inOneAssociation(
  node: DicomNode,
  model: string,
  service: 'get' | 'move',
  requests: readonly DimseRequest[],
  {
    contexts,
    receive,
    signal,
    patience,
    classes = new Set(),
  }: Call & {
    readonly contexts: readonly ProposedContext[];
    readonly receive?: Receive;
    readonly classes?: ReadonlySet<string>;
  },
): Promise<void> {
  const server = nodeName(node);
  const { statuses } = watched(requests);
  const refused = new Set<string>();
  await associate(node, {
    contexts: [{ abstractSyntax: model, transferSyntaxes: UNCOMPRESSED }, ...contexts],
    requests(accepted) {
      if (!accepted.has(model))
        throw new UserError(failure('network.service-not-offered', { server, service }));
      for (const { abstractSyntax, isReceived } of contexts)
        if (isReceived && !accepted.has(abstractSyntax)) refused.add(abstractSyntax);
      return requests;
    },
    signal,
    ...withoutUndefined({ receive, patience }),
  });
  const bad = statuses.find((status) => status !== 0 && !isPartial(status));
  if (bad === undefined) return;
  // Of the classes of this series, which its list names; many usual ones that are proposed without it are refused anyway.
  const [notSent] = refused;
  if (notSent !== undefined && [...refused].every((one) => classes.has(one)))
    throw new UserError(failure('network.class-not-sent', { server, sopClassUid: notSent }));
  throw new UserError(failure('network.node-status', { server, status: statusInWords(bad) }));
}
