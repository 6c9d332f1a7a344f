import { CancelledError, throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, type Failures, failure } from '#shared/failures/failure.ts';
import { type DicomNode, nodeName } from './dicomNode.ts';
import { DicomPeer, guardPdus, type Receive } from './dicomPeer.ts';
import { type DimseRequest, dimse } from './dimseLibrary.ts';
import { connectSocket, tlsFailure } from './nodeTls.ts';

/** How long to wait for a node; tests set shorter times. */
export interface NodePatience {
  readonly connectMs: number;
  /** For the next piece: an archive may have to fetch a series from tape. */
  readonly pieceMs: number;
}
export const USUAL_NODE_PATIENCE: NodePatience = { connectMs: 10_000, pieceMs: 120_000 };

export interface ProposedContext {
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
  /** The node sends such objects to us, within C-GET. */
  readonly isReceived?: true;
}

/** What was agreed on. */
export interface Accepted {
  /** Whether such objects can be sent, or such requests made. */
  has(abstractSyntax: string, transferSyntax?: string): boolean;
}

export interface AssociateOptions {
  readonly contexts: readonly ProposedContext[];
  /** The requests, once it is known what the node accepts. */
  readonly requests: (accepted: Accepted) => readonly DimseRequest[];
  readonly receive?: Receive;
  readonly signal?: AbortSignal | undefined;
  readonly patience?: NodePatience;
}

/**
 * One association: connects, proposes, makes the requests one after the other, releases.
 *
 * @throws UserError where the node is out of reach, refuses, aborts or falls silent; also what `requests` throws
 * @throws CancelledError where `signal` fires
 */
export async function associate(node: DicomNode, options: AssociateOptions): Promise<void> {
  const { signal, patience = USUAL_NODE_PATIENCE } = options;
  const server = nodeName(node);
  throwIfCancelled(signal);
  const association = new dimse.association.Association(node.callingAeTitle, node.calledAeTitle);
  let onRefused = (_why: Failure): void => {};
  const socket = connectSocket(
    node,
    server,
    () => {
      clearTimeout(timer);
      peer.sendAssociationRequest(association);
    },
    (why) => onRefused(why),
  );
  // Every message is waited for: held back for more, each would cost a delayed acknowledgement.
  socket.setNoDelay(true);
  const peer = new DicomPeer(socket, options.receive, {
    connectTimeout: patience.pieceMs,
    associationTimeout: patience.pieceMs,
    pduTimeout: patience.pieceMs,
  });
  for (const { abstractSyntax, transferSyntaxes, isReceived } of options.contexts) {
    const id = association.addPresentationContext(abstractSyntax);
    for (const syntax of transferSyntaxes) association.addTransferSyntaxToPresentationContext(id, syntax);
    if (isReceived) association.getPresentationContext(id).setProviderRole(true);
  }
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    let isReleased = false;
    const fail = (thrown: unknown): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      socket.destroy();
      reject(thrown);
    };
    const failWith = (why: Failure): void => fail(new UserError(why));
    const silent = (ms: number): void => failWith(failure('network.silent', { server, seconds: ms / 1000 }));
    const cancel = (): void => {
      peer.sendAbort();
      fail(new CancelledError());
    };
    guardPdus(socket, () => failWith(failure('network.answer-damaged', { server })));
    onRefused = failWith;
    timer = setTimeout(() => silent(patience.connectMs), patience.connectMs);
    signal?.addEventListener('abort', cancel, { once: true });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.message;
      const isBroken = code === 'ECONNRESET' || code === 'EPIPE';
      const ofTls = node.tls && tlsFailure(code, server);
      failWith(
        ofTls ??
          (isBroken
            ? failure('network.connection-ended', { server })
            : failure('network.unreachable', { server, reason: code })),
      );
    });
    socket.on('close', () => {
      if (isReleased) resolve();
      else failWith(failure('network.connection-ended', { server }));
    });
    peer.on('associationAccepted', () => {
      try {
        const requests = options.requests(acceptedOf(association));
        if (requests.length === 0) peer.sendAssociationReleaseRequest();
        else peer.sendRequests([...requests]);
      } catch (thrown) {
        peer.sendAbort();
        fail(thrown);
      }
    });
    peer.on('done', () => peer.sendAssociationReleaseRequest());
    peer.on('associationReleaseResponse', () => {
      isReleased = true;
      signal?.removeEventListener('abort', cancel);
      socket.end();
      // A node that does not close its end is done with as well.
      setTimeout(() => socket.destroy(), 1000).unref();
    });
    peer.on('associationRejected', (rejection: unknown) =>
      failWith(failure('network.association-refused', { server, reason: refusalOf(rejection) })),
    );
    peer.on('abort', () => failWith(failure('network.association-aborted', { server })));
    // The library's words for a socket's error, which is handled above, for silence, and for bytes that are no DICOM.
    peer.on('networkError', (error: unknown) => {
      const message = error instanceof Error ? error.message : '';
      if (message.includes('Connection error')) return;
      if (message.toLowerCase().includes('timeout')) silent(patience.pieceMs);
      else failWith(failure('network.answer-damaged', { server }));
    });
  });
}

const ACCEPTED = 0;

function acceptedOf(association: InstanceType<typeof dimse.association.Association>): Accepted {
  const accepted = association
    .getPresentationContexts()
    .map(({ context }) => context)
    .filter((context) => context.getResult() === ACCEPTED);
  return {
    has: (abstractSyntax, transferSyntax) =>
      accepted.some(
        (context) =>
          context.getAbstractSyntaxUid() === abstractSyntax &&
          (transferSyntax === undefined || context.getAcceptedTransferSyntaxUid() === transferSyntax),
      ),
  };
}

/** PS3.8 table 9-21: reasons of the service user, and a rejection that is not for ever. */
function refusalOf(rejection: unknown): Failures['network.association-refused']['reason'] {
  if (typeof rejection !== 'object' || rejection === null) return 'other';
  const { result, source, reason } = rejection as Readonly<Record<string, unknown>>;
  if (source === 1 && reason === 3) return 'calling';
  if (source === 1 && reason === 7) return 'called';
  return result === 2 ? 'busy' : 'other';
}
