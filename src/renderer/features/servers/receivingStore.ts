import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { ReceivingSettings, ReceivingState } from '#shared/contract/services/receiving.ts';
import { failureOf } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';

export interface ReceivingView {
  /** Null: not asked for yet. */
  readonly state: ReceivingState | null;
  /** Why the last change was refused. */
  readonly problem: Failure | null;
}

/** What other nodes send to this program, and the certificate by which they know it. */
export interface ReceivedStudies {
  readonly store: StoreApi<ReceivingView>;
  refresh(): Promise<void>;
  /** What the program reports by itself. */
  show(state: ReceivingState): void;
  /** @returns whether it was changed */
  configure(settings: ReceivingSettings): Promise<boolean>;
  /** The texts of one file that holds certificate and key, or of two. */
  keepIdentity(pems: readonly string[]): Promise<void>;
  removeIdentity(): Promise<void>;
  remove(seriesUid: string): Promise<void>;
}

export function createReceivedStudies(client: Pick<AuricleClient, 'receiving'>): ReceivedStudies {
  const store = createStore<ReceivingView>(() => ({ state: null, problem: null }));
  const show = (state: ReceivingState): void => store.setState({ state });
  const orProblem = async (work: () => Promise<ReceivingState>): Promise<boolean> => {
    try {
      store.setState({ state: await work(), problem: null });
      return true;
    } catch (thrown) {
      store.setState({ problem: failureOf(thrown) });
      return false;
    }
  };
  return {
    store,
    show,
    async refresh() {
      await orProblem(() => client.receiving.state({}));
    },
    configure: (settings) => orProblem(() => client.receiving.configure({ settings })),
    async keepIdentity(pems) {
      const certificatePem = pems.filter((pem) => pem.includes('BEGIN CERTIFICATE')).join('\n');
      const keyPem = pems.find((pem) => pem.includes('PRIVATE KEY')) ?? '';
      await orProblem(() => client.receiving.keepIdentity({ identity: { certificatePem, keyPem } }));
    },
    async removeIdentity() {
      await orProblem(() => client.receiving.keepIdentity({ identity: null }));
    },
    async remove(seriesUid) {
      await orProblem(() => client.receiving.remove({ seriesUid }));
    },
  };
}
