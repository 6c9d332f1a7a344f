import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { isOfOneImage } from '../landing/seriesLanding.ts';
import { announce, createStudyInboxes } from '../landing/studyInbox.ts';
import { type Receive, STATUS } from './dicomPeer.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from './receiver.ts';

export interface ReceiveStudiesOptions extends Omit<ReceiverOptions, 'open'> {
  /** Where a folder for each series goes. */
  readonly folder: string;
  /** Called with the UIDs of the series that arrived in an association which ended in order. */
  readonly onReceived: (seriesUids: readonly string[]) => void;
  /** Called with what went wrong: an object that was refused or not written, a series that could not be finished, a sender that broke off. */
  readonly onProblem: (thrown: unknown) => void;
}

export interface StudyReceiver extends Receiver {
  /** Hands the images of one series to `receive` until it is closed: a C-MOVE of ours asks this node for them. */
  divert(seriesUid: string, fromAeTitle: string, receive: Receive): { close(): Promise<void> };
}

const SENDER = 'the sender';

/** Receives the studies that other nodes send. A series is visible once its association has ended in order. */
export async function receiveStudies({
  folder,
  onReceived,
  onProblem,
  ...options
}: ReceiveStudiesOptions): Promise<StudyReceiver> {
  const diverted = new Map<string, { readonly fromAeTitle: string; readonly receive: Receive }>();
  const openInbox = createStudyInboxes(folder, SENDER);
  const receiver = await startReceiver({
    onRefused: (why) => onProblem(new UserError(why)),
    ...options,
    isAllowed: (aeTitle) =>
      options.isAllowed(aeTitle) || [...diverted.values()].some((one) => one.fromAeTitle === aeTitle),
    open() {
      const inbox = openInbox();
      let landed = 0;
      return {
        async receive(file) {
          try {
            const announced = await announce(file, SENDER);
            const elsewhere = diverted.get(announced.identity.seriesUid);
            if (elsewhere !== undefined) return await elsewhere.receive(announced.file);
            await inbox.land(announced);
            landed++;
            return STATUS.success;
          } catch (thrown) {
            onProblem(thrown);
            return isOfOneImage(thrown) ? STATUS.doesNotMatch : STATUS.outOfResources;
          }
        },
        async end(isInOrder) {
          if (!isInOrder && landed > 0)
            onProblem(new UserError(failure('network.sender-lost', { objects: landed })));
          try {
            const seriesUids = await inbox.end(isInOrder);
            if (seriesUids.length > 0) onReceived(seriesUids);
          } catch (thrown) {
            onProblem(thrown);
          }
        },
      };
    },
  });
  return {
    ...receiver,
    divert(seriesUid, fromAeTitle, receive) {
      const one = { fromAeTitle, receive };
      diverted.set(seriesUid, one);
      return {
        async close() {
          if (diverted.get(seriesUid) === one) diverted.delete(seriesUid);
        },
      };
    },
  };
}
