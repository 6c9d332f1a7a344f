import { isOfOneImage } from '../landing/seriesLanding.ts';
import { openStudyInbox } from '../landing/studyInbox.ts';
import { STATUS } from './dicomPeer.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from './receiver.ts';

export interface ReceiveStudiesOptions extends Omit<ReceiverOptions, 'open'> {
  /** Where a folder for each series goes. */
  readonly folder: string;
  /** Called with the UIDs of the series that arrived in an association which ended in order. */
  readonly onReceived: (seriesUids: readonly string[]) => void;
}

/** Receives the studies that other nodes send. A series is visible once its association has ended in order. */
export function receiveStudies({ folder, onReceived, ...options }: ReceiveStudiesOptions): Promise<Receiver> {
  return startReceiver({
    ...options,
    open() {
      const inbox = openStudyInbox(folder, 'the sender');
      return {
        async receive(file) {
          try {
            await inbox.land(file);
            return STATUS.success;
          } catch (thrown) {
            return isOfOneImage(thrown) ? STATUS.doesNotMatch : STATUS.outOfResources;
          }
        },
        async end(isInOrder) {
          if (!isInOrder) return;
          const seriesUids = await inbox.finish();
          if (seriesUids.length > 0) onReceived(seriesUids);
        },
      };
    },
  });
}
