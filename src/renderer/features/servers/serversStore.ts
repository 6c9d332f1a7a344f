import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type {
  DicomServerSettings,
  ListedServer,
  RemoteSeriesInfo,
  RemoteStudyInfo,
  StudyFiltersInfo,
} from '#shared/contract/services/servers.ts';
import { CancelledError, failureOf } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';

export interface ServersState {
  readonly servers: readonly ListedServer[];
  readonly canKeepSecrets: boolean;
  /** Address of the server that is being spoken to now; null: none is. */
  readonly inUse: string | null;
  readonly chosenId: string | null;
  readonly filters: StudyFiltersInfo;
  /** Null: nothing was searched for yet. */
  readonly studies: readonly RemoteStudyInfo[] | null;
  /** Studies of the list that are not shown, as their Study Instance UID is no UID. */
  readonly withoutUid: number;
  readonly hasMore: boolean;
  readonly study: RemoteStudyInfo | null;
  readonly series: readonly RemoteSeriesInfo[];
  /** What a person must know of the list of series. */
  readonly seriesWarnings: readonly Failure[];
  /** Addresses of pictures by the series' UIDs; null where there is none. */
  readonly thumbnails: Readonly<Record<string, string | null>>;
  readonly isSearching: boolean;
  /** Why the last call failed. */
  readonly problem: Failure | null;
}

export interface Servers {
  readonly store: StoreApi<ServersState>;
  refresh(): Promise<void>;
  choose(id: string): void;
  filter(parts: Partial<StudyFiltersInfo>): void;
  /** Lists the studies that match; another search that is under way ends. */
  search(): Promise<void>;
  more(): Promise<void>;
  /** Lists a study's series and then fetches their pictures. */
  openStudy(study: RemoteStudyInfo): Promise<void>;
  closeStudy(): void;
  /** Ends what is under way; the server is not in use any more. */
  stop(): void;
  /** @returns whether it was kept */
  keep(server: DicomServerSettings, secret: string | null): Promise<boolean>;
  remove(id: string): Promise<void>;
  unlock(secret: string): Promise<void>;
  /** Asks a server whether it answers. @returns why not; null where it does */
  check(id: string): Promise<Failure | null>;
  /** Marks a server as in use while `work` runs. */
  using<T>(id: string, work: () => Promise<T>): Promise<T>;
}

export const NO_FILTERS: StudyFiltersInfo = {
  patientName: '',
  patientId: '',
  date: '',
  modality: 'CT',
  accessionNumber: '',
};

const NOTHING_FOUND = {
  studies: null,
  withoutUid: 0,
  hasMore: false,
  study: null,
  series: [],
  seriesWarnings: [],
  problem: null,
} as const;

/** Object URLs of pictures; a test has none. */
export interface PictureAddresses {
  create(bytes: Uint8Array<ArrayBuffer>, mediaType: string): string;
  revoke(address: string): void;
}
const BROWSER_ADDRESSES: PictureAddresses = {
  create: (bytes, type) => URL.createObjectURL(new Blob([bytes], { type })),
  revoke: (address) => URL.revokeObjectURL(address),
};

/** The configured DICOM servers, and what was found on the chosen one. */
export function createServers(
  client: Pick<AuricleClient, 'servers'>,
  addresses: PictureAddresses = BROWSER_ADDRESSES,
): Servers {
  const store = createStore<ServersState>(() => ({
    servers: [],
    canKeepSecrets: false,
    inUse: null,
    chosenId: null,
    filters: NO_FILTERS,
    ...NOTHING_FOUND,
    thumbnails: {},
    isSearching: false,
  }));
  let calls = 0;
  let current = new AbortController();

  const using = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const address = store.getState().servers.find((one) => one.id === id)?.address ?? null;
    calls += 1;
    store.setState({ inUse: address });
    try {
      return await work();
    } finally {
      calls -= 1;
      if (calls === 0) store.setState({ inUse: null });
    }
  };
  const forgetPictures = (): void => {
    for (const address of Object.values(store.getState().thumbnails))
      if (address !== null) addresses.revoke(address);
    store.setState({ thumbnails: {} });
  };
  const stop = (): void => {
    current.abort();
    current = new AbortController();
    store.setState({ isSearching: false });
  };
  /** One question to the chosen server; only the latest one's answer is shown. */
  const ask = async (
    work: (id: string, signal: AbortSignal) => Promise<Partial<ServersState>>,
  ): Promise<boolean> => {
    const { chosenId } = store.getState();
    if (chosenId === null) return false;
    stop();
    const { signal } = current;
    store.setState({ isSearching: true, problem: null });
    try {
      const found = await using(chosenId, () => work(chosenId, signal));
      if (signal.aborted) return false;
      store.setState({ ...found, isSearching: false });
      return true;
    } catch (thrown) {
      if (!signal.aborted)
        store.setState({
          isSearching: false,
          problem: thrown instanceof CancelledError ? null : failureOf(thrown),
        });
      return false;
    }
  };
  const fetchPictures = async (): Promise<void> => {
    const { chosenId, series } = store.getState();
    const { signal } = current;
    for (const one of series) {
      if (chosenId === null || signal.aborted) return;
      const picture = await using(chosenId, () =>
        client.servers.thumbnail({ id: chosenId, series: one }, { signal }),
      ).catch(() => null);
      if (signal.aborted) return;
      const address = picture && addresses.create(Uint8Array.from(picture.bytes), picture.mediaType);
      store.setState(({ thumbnails }) => ({ thumbnails: { ...thumbnails, [one.seriesUid]: address } }));
    }
  };
  const show = ({ servers, canKeepSecrets }: Awaited<ReturnType<typeof client.servers.list>>): void => {
    const { chosenId } = store.getState();
    const isThere = servers.some(({ id }) => id === chosenId);
    store.setState({ servers, canKeepSecrets, chosenId: isThere ? chosenId : (servers[0]?.id ?? null) });
  };
  const orProblem = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      store.setState({ problem: null });
      await work();
      return true;
    } catch (thrown) {
      store.setState({ problem: failureOf(thrown) });
      return false;
    }
  };

  return {
    store,
    using,
    stop,
    async refresh() {
      await orProblem(async () => show(await client.servers.list({})));
    },
    choose(chosenId) {
      stop();
      forgetPictures();
      store.setState({ chosenId, ...NOTHING_FOUND });
    },
    filter: (parts) => store.setState(({ filters }) => ({ filters: { ...filters, ...parts } })),
    async search() {
      const { filters } = store.getState();
      store.setState({ study: null, series: [], seriesWarnings: [] });
      await ask((id, signal) => client.servers.studies({ id, filters, offset: 0 }, { signal }));
    },
    async more() {
      const { filters, studies, withoutUid } = store.getState();
      const before = studies ?? [];
      const offset = before.length + withoutUid;
      await ask(async (id, signal) => {
        const next = await client.servers.studies({ id, filters, offset }, { signal });
        return {
          studies: [...before, ...next.studies],
          withoutUid: withoutUid + next.withoutUid,
          hasMore: next.hasMore,
        };
      });
    },
    async openStudy(study) {
      forgetPictures();
      const isListed = await ask(async (id, signal) => {
        const { studyUid, patientName, patientId, issuerOfPatientId } = study;
        const patient = { patientName, patientId, issuerOfPatientId };
        const { series, warnings } = await client.servers.series({ id, studyUid, patient }, { signal });
        return { study, series, seriesWarnings: warnings };
      });
      if (isListed) await fetchPictures();
    },
    closeStudy() {
      stop();
      forgetPictures();
      store.setState({ study: null, series: [], seriesWarnings: [], problem: null });
    },
    keep: (server, secret) =>
      orProblem(async () => {
        show(await client.servers.keep({ server, secret }));
      }),
    async remove(id) {
      await orProblem(async () => show(await client.servers.remove({ id })));
    },
    async unlock(secret) {
      const { chosenId } = store.getState();
      if (chosenId === null || secret === '') return;
      await orProblem(async () => show(await client.servers.unlock({ id: chosenId, secret })));
    },
    async check(id) {
      try {
        await using(id, () => client.servers.check({ id }));
        return null;
      } catch (thrown) {
        return failureOf(thrown);
      }
    },
  };
}
