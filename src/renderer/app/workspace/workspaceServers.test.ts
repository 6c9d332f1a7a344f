import { describe, expect, it } from 'vitest';
import type { ListedServer, RemoteSeriesInfo } from '#shared/contract/services/servers.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { workspaceInMemory } from './testing/workspaceInMemory.ts';

const server: ListedServer = {
  id: 'pacs',
  name: 'PACS',
  kind: 'web',
  address: 'https://pacs/dicom-web',
  authentication: 'none',
  user: '',
  fingerprint: '',
  caPem: '',
  allowUnencryptedPassword: false,
  isEncrypted: false,
  receiveAt: '',
  calledAeTitle: '',
  callingAeTitle: '',
  needsSecret: false,
};
const series: RemoteSeriesInfo = {
  studyUid: '1.2',
  seriesUid: '1.2.3',
  modality: 'CT',
  number: 1,
  description: 'CTA',
  imageCount: 1,
};
const withServer = async () => {
  const made = workspaceInMemory();
  made.services.servers.list = () => Promise.resolve({ servers: [server], canKeepSecrets: false });
  await made.workspace.servers.refresh();
  return made;
};

describe('the workspace with a DICOM server', () => {
  it('shows its address while it is in use, and opens what was fetched, of which nothing is read whole', async () => {
    const { workspace, services } = await withServer();
    const { store } = workspace.servers;
    const seen: (string | null)[] = [];
    const released: (string | null)[] = [];
    services.servers.fetch = () => {
      seen.push(store.getState().inUse);
      const loan = `loan ${seen.length}`;
      const warnings = [failure('network.images-without-uid', { server: 'S', images: 2 })];
      return Promise.resolve({ files: [{ id: 'a', path: '1.dcm', sizeBytes: 2 ** 40 }], loan, warnings });
    };
    services.servers.release = ({ loan }) => {
      released.push(loan);
      return Promise.resolve({});
    };
    services.opening.read = () => Promise.reject(new Error('The reader of this test reads nothing.'));
    await workspace.openFromServer('pacs', series);
    expect(seen).toEqual(['https://pacs/dicom-web']);
    expect(store.getState().inUse).toBeNull();
    expect(workspace.studies.store.getState().study?.series).toHaveLength(1);
    // Slices may be missing, which is said once the study is there.
    expect(workspace.alerts.store.getState().alerts).toMatchObject([
      { message: expect.stringContaining('whose SOP Instance UID is no DICOM UID') },
    ]);
    // The files are there as long as the study is open: other series are loaded from them, and they are exported.
    expect(released).toEqual([]);
    await workspace.openFromServer('pacs', series);
    expect(released).toEqual(['loan 1']);
    await workspace.closeAll();
    expect(released).toEqual(['loan 1', 'loan 2']);
  });

  it('gives back what was fetched where it cannot be opened, and keeps the files of what is open', async () => {
    const { workspace, services, reader } = await withServer();
    const released: (string | null)[] = [];
    let fetches = 0;
    services.servers.fetch = () => Promise.resolve({ files: [], loan: `loan ${++fetches}`, warnings: [] });
    services.servers.release = ({ loan }) => {
      released.push(loan);
      return Promise.resolve({});
    };
    await workspace.openFromServer('pacs', series);
    reader.open = () => Promise.reject(new UserError(failure('studies.nothing-opened')));
    await workspace.openFromServer('pacs', series);
    expect(released).toEqual(['loan 2']);
  });

  it('reads of a received series what is needed of it', async () => {
    const { workspace, services, reader } = await withServer();
    const reads: number[] = [];
    services.receiving.open = () =>
      Promise.resolve({ files: [{ id: 'a', path: '1.dcm', sizeBytes: 2 ** 40 }] });
    services.opening.read = ({ fromByte }) => {
      reads.push(fromByte);
      return Promise.resolve({ bytes: new Uint8Array(4) });
    };
    const openAny = reader.open;
    reader.open = async (files, job) => {
      const [file] = files;
      if (file !== undefined && !(file.blob instanceof Blob)) await file.blob.read(132, 136);
      return openAny(files, job);
    };
    await workspace.openReceived('1.2.3');
    expect(reads).toEqual([132]);
    expect(workspace.studies.store.getState().study?.series).toHaveLength(1);
  });

  it('leaves what is open where a fetch fails, and keeps what arrived for the next', async () => {
    const { workspace, services } = await withServer();
    await workspace.open([]);
    const { study } = workspace.studies.store.getState();
    let isReleased = false;
    services.servers.release = () => {
      isReleased = true;
      return Promise.resolve({});
    };
    const why = failure('network.series-incomplete', { server: 'S', arrived: 1, expected: 2, reason: [] });
    services.servers.fetch = () => Promise.reject(new UserError(why));
    await workspace.openFromServer('pacs', series);
    expect(workspace.studies.store.getState().study).toBe(study);
    expect(isReleased).toBe(false);
    expect(workspace.alerts.store.getState().alerts).toHaveLength(1);
  });

  it('sends the objects that were chosen, and says which were not stored', async () => {
    const { workspace, services, turn, trail } = await withServer();
    await workspace.open([]);
    await turn();
    await workspace.segment();
    const wanted: string[][] = [];
    services.exporting.build = ({ options }) => {
      wanted.push([...(options.dicomObjects ?? []), ...options.meshFormats, ...options.documents]);
      return Promise.resolve({
        files: [
          { name: 'laa-seg.dcm', bytes: Uint8Array.of(1) },
          { name: 'laa-seg.json', bytes: Uint8Array.of(2) },
        ],
      });
    };
    let sent: string[] = [];
    services.servers.store = ({ files }) => {
      sent = files.map(({ name }) => name);
      return Promise.resolve(files.map(({ name }) => ({ name, failure: null })));
    };
    expect(await workspace.sendResults('pacs', ['dicom-seg'])).toBe(true);
    expect(wanted).toEqual([['dicom-seg']]);
    expect(sent).toEqual(['laa-seg.dcm']);
    expect(trail).toContain('export');
    services.servers.store = ({ files }) =>
      Promise.resolve(
        files.map(({ name }) => ({
          name,
          failure: failure('network.instance-refused', { server: 'S', status: '0xA700' }),
        })),
      );
    expect(await workspace.sendResults('pacs', ['dicom-seg'])).toBe(false);
  });

  it('says of a study what its list of series does not show', async () => {
    const { workspace, services } = await withServer();
    const { servers } = workspace;
    const warnings = [failure('network.study-uid-shared', { patients: 2 })];
    const patient = { patientName: 'Doe^Jane', patientId: '7', issuerOfPatientId: 'GENERAL' };
    services.servers.series = (asked) => {
      expect(asked).toEqual({ id: 'pacs', studyUid: '1.2', patient });
      return Promise.resolve({ series: [series], warnings });
    };
    const study = { studyUid: '1.2', ...patient, date: '', description: '' };
    const counts = { accessionNumber: '', modalities: [], seriesCount: null, imageCount: null };
    await servers.openStudy({ ...study, ...counts });
    expect(servers.store.getState()).toMatchObject({ series: [series], seriesWarnings: warnings });
    servers.closeStudy();
    expect(servers.store.getState().seriesWarnings).toEqual([]);
  });

  it('shows the answer to the latest question alone', async () => {
    const { workspace, services } = await withServer();
    const answers: ((name: string) => void)[] = [];
    services.servers.studies = () =>
      new Promise((resolve) => {
        answers.push((patientName) =>
          resolve({
            studies: [
              {
                studyUid: '1.2',
                patientName,
                patientId: '',
                issuerOfPatientId: '',
                date: '',
                description: '',
                accessionNumber: '',
                modalities: [],
                seriesCount: null,
                imageCount: null,
              },
            ],
            withoutUid: 0,
            hasMore: false,
          }),
        );
      });
    const { servers } = workspace;
    const first = servers.search();
    const second = servers.search();
    answers[1]?.('second');
    answers[0]?.('first');
    await Promise.all([first, second]);
    expect(servers.store.getState()).toMatchObject({
      studies: [{ patientName: 'second' }],
      isSearching: false,
    });
    services.servers.studies = () => Promise.reject(new UserError(failure('network.server-gone')));
    await servers.search();
    expect(servers.store.getState().problem).toEqual(failure('network.server-gone'));
  });
});
