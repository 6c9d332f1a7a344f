import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { systemCodeOf } from '../../files/systemCode.ts';
import type { TlsIdentity } from '../certificateTrust.ts';
import { DicomPeer, guardPdus, type Receive } from './dicomPeer.ts';
import { type Association, dimse } from './dimseLibrary.ts';
import { createSocketServer, type NodeTls } from './nodeTls.ts';
import { isStorageClass, SYNTAX_GROUPS, VERIFICATION } from './storageSyntaxes.ts';

export interface ReceiverOptions {
  /** Default: the loopback interface, which no other machine reaches. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly aeTitle: string;
  /** Whether a node of this AE title may send; nobody else is answered. */
  readonly isAllowed: (aeTitle: string) => boolean;
  /** Encrypted connections only; with a trust, of nodes that show such a certificate. */
  readonly tls?: (NodeTls & { readonly identity: TlsIdentity }) | undefined;
  /** A caller was turned away before it could say who it is. */
  readonly onRefused?: (why: Failure) => void;
  /** Makes what takes the files of one association. */
  readonly open: () => Inbox;
}

export interface Inbox {
  readonly receive: Receive;
  /** The association ended: released in order, or broken off. */
  end(isInOrder: boolean): Promise<void>;
}

export interface Receiver {
  readonly port: number;
  /** Ends all associations and listens no more. */
  close(): Promise<void>;
}

/** Without a sign of life for so long, an association is ended. */
const SILENCE_MS = 60_000;
const MOST_ASSOCIATIONS = 16;

/** PS3.8 table 9-21. */
const REJECTED = {
  permanent: 1,
  transient: 2,
  byUser: 1,
  callingUnknown: 3,
  calledUnknown: 7,
  byProvider: 3,
  busy: 2,
};
/** PS3.8 table 9-18. */
const CONTEXT = { accepted: 0, noAbstractSyntax: 3, noTransferSyntax: 4 };

const KNOWN_SYNTAXES = new Set([...SYNTAX_GROUPS.flat(), '1.2.840.10008.1.2.2']);

/**
 * Listens for C-ECHO and C-STORE.
 *
 * @throws UserError where the port cannot be listened on
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const peers = new Map<Socket, Promise<void>>();
  /** Those too that have not shown a certificate yet. */
  const sockets = new Set<Socket>();
  const greet = (socket: Socket): void => {
    socket.setNoDelay(true);
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.on('error', () => {});
    guardPdus(socket, () => socket.destroy());
    const inbox = options.open();
    const peer = new CalledPeer(socket, inbox.receive, options, () => peers.size > MOST_ASSOCIATIONS);
    peer.on('networkError', () => socket.destroy());
    const ended = once(socket, 'close').then(() => inbox.end(peer.isReleased));
    peers.set(
      socket,
      ended.catch(() => {}).finally(() => peers.delete(socket)),
    );
  };
  const server = createSocketServer(options.tls, greet, options.onRefused ?? (() => {}));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const { host = '127.0.0.1', port } = options;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    const systemCode = systemCodeOf(thrown) ?? '';
    throw new UserError(failure('network.port-taken', { port, systemCode }), { cause: thrown });
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const isClosed = once(server, 'close');
      server.close();
      const ends = [...peers.values()];
      for (const socket of [...peers.keys(), ...sockets]) socket.destroy();
      await Promise.all([isClosed, ...ends]);
    },
  };
}

class CalledPeer extends DicomPeer {
  isReleased = false;
  readonly #options: ReceiverOptions;
  readonly #isBusy: () => boolean;

  constructor(socket: Socket, receive: Receive, options: ReceiverOptions, isBusy: () => boolean) {
    super(socket, receive, { connectTimeout: SILENCE_MS });
    this.#options = options;
    this.#isBusy = isBusy;
  }

  override associationRequested(association: Association): void {
    const { aeTitle, isAllowed } = this.#options;
    if (association.getCalledAeTitle().trim() !== aeTitle)
      this.sendAssociationReject(REJECTED.permanent, REJECTED.byUser, REJECTED.calledUnknown);
    else if (!isAllowed(association.getCallingAeTitle().trim()))
      this.sendAssociationReject(REJECTED.permanent, REJECTED.byUser, REJECTED.callingUnknown);
    else if (this.#isBusy())
      this.sendAssociationReject(REJECTED.transient, REJECTED.byProvider, REJECTED.busy);
    else {
      for (const { context } of association.getPresentationContexts()) {
        const abstractSyntax = context.getAbstractSyntaxUid();
        const syntax = context.getTransferSyntaxUids().find((uid) => KNOWN_SYNTAXES.has(uid));
        if (abstractSyntax !== VERIFICATION && !isStorageClass(abstractSyntax))
          context.setResult(CONTEXT.noAbstractSyntax);
        else if (syntax === undefined) context.setResult(CONTEXT.noTransferSyntax);
        else context.setResult(CONTEXT.accepted, syntax);
      }
      this.sendAssociationAccept();
    }
  }

  override associationReleaseRequested(): void {
    this.isReleased = true;
    this.sendAssociationReleaseResponse();
  }

  override cEchoRequest(
    request: InstanceType<typeof dimse.requests.CEchoRequest>,
    callback: (response: InstanceType<typeof dimse.responses.CEchoResponse>) => void,
  ): void {
    const response = dimse.responses.CEchoResponse.fromRequest(request);
    response.setStatus(0);
    callback(response);
  }
}
