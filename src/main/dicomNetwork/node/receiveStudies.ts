import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { isOfOneImage } from '../landing/seriesLanding.ts';
import { openStudyInbox } from '../landing/studyInbox.ts';
import { STATUS } from './dicomPeer.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from './receiver.ts';

export interface ReceiveStudiesOptions extends Omit<ReceiverOptions, 'open'> {
  /** Where a folder for each series goes. */
  readonly folder: string;
  /** Called with the UIDs of the series that arrived in an association which ended in order. */
  readonly onReceived: (seriesUids: readonly string[]) => void;
  /** Called with what went wrong: an object that was refused or not written, a series that could not be finished, a sender that broke off. */
  readonly onProblem: (thrown: unknown) => void;
}

/** Receives the studies that other nodes send. A series is visible once its association has ended in order. */
export function receiveStudies({
  folder,
  onReceived,
  onProblem,
  ...options
}: ReceiveStudiesOptions): Promise<Receiver> {
  return startReceiver({
    onRefused: (why) => onProblem(new UserError(why)),
    ...options,
    open() {
      const inbox = openStudyInbox(folder, 'the sender');
      let landed = 0;
      return {
        async receive(file) {
          try {
            await inbox.land(file);
            landed++;
            return STATUS.success;
          } catch (thrown) {
            onProblem(thrown);
            return isOfOneImage(thrown) ? STATUS.doesNotMatch : STATUS.outOfResources;
          }
        },
        async end(isInOrder) {
          if (!isInOrder) {
            if (landed > 0) onProblem(new UserError(failure('network.sender-lost', { objects: landed })));
            return;
          }
          try {
            const seriesUids = await inbox.finish();
            if (seriesUids.length > 0) onReceived(seriesUids);
          } catch (thrown) {
            onProblem(thrown);
          }
        },
      };
    },
  });
}
