import ArrowLeft from 'lucide-react/icons/arrow-left';
import Search from 'lucide-react/icons/search';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import type { RemoteSeriesInfo, StudyFiltersInfo } from '#shared/contract/services/servers.ts';
import { failure } from '#shared/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { words } from '../../words/index.ts';
import { ReceivedList } from './ReceivedList.tsx';
import type { ReceivedStudies } from './receivingStore.ts';
import { personInWords, seriesDetails, studyDetails } from './remoteInWords.ts';
import { ServerChoice } from './ServerChoice.tsx';
import type { Servers } from './serversStore.ts';

const FILTERS: readonly {
  readonly key: keyof StudyFiltersInfo;
  readonly hint: string;
}[] = [
  { key: 'patientName', hint: 'Doe' },
  { key: 'patientId', hint: '' },
  { key: 'date', hint: '20260101-20261231' },
  { key: 'modality', hint: 'CT' },
  { key: 'accessionNumber', hint: '' },
];

interface FromServerDialogProps {
  readonly servers: Servers;
  readonly received: ReceivedStudies;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Fetches the series and opens it. */
  readonly onOpen: (serverId: string, series: RemoteSeriesInfo) => void;
  /** Opens a series that another node has sent. */
  readonly onOpenReceived: (seriesUid: string) => void;
  readonly onSettings: () => void;
}

/** Finds a series on a DICOM server. */
export function FromServerDialog(props: FromServerDialogProps) {
  const { servers, received, isOpen, onClose, onOpen, onSettings } = props;
  const { study, chosenId, problem, isSearching, servers: configured } = useStore(servers.store);
  useEffect(() => {
    if (isOpen) void Promise.all([servers.refresh(), received.refresh()]);
    else servers.closeStudy();
  }, [isOpen, servers, received]);
  const open = (series: RemoteSeriesInfo): void => {
    if (chosenId === null) return;
    onClose();
    onOpen(chosenId, series);
  };
  return (
    <Dialog
      title={words().header.fromServer}
      isOpen={isOpen}
      onClose={onClose}
      testId="from-server-dialog"
      foot={
        <>
          <p className="quiet foot-words" role="status" data-testid="server-status">
            {problem ? words().sentence(problem) : isSearching ? words().servers.asking : ''}
          </p>
          {isSearching ? <Button onClick={servers.stop}>{words().servers.stop}</Button> : null}
          <Button onClick={onSettings} data-testid="server-settings">
            {words().servers.settingsDots}
          </Button>
          <Button onClick={onClose}>{words().common.close}</Button>
        </>
      }
    >
      <ReceivedList
        received={received}
        onOpen={(seriesUid) => {
          onClose();
          props.onOpenReceived(seriesUid);
        }}
      />
      {configured.length === 0 ? (
        <>
          <p>{words().servers.noServer}</p>
          <Button onClick={onSettings} data-testid="add-first-server">
            {words().servers.add}
          </Button>
        </>
      ) : (
        <>
          <ServerChoice servers={servers} />
          {study === null ? (
            <StudySearch servers={servers} />
          ) : (
            <SeriesList servers={servers} onOpen={open} />
          )}
        </>
      )}
    </Dialog>
  );
}

function StudySearch({ servers }: { readonly servers: Servers }) {
  const { filters, studies, withoutUid, hasMore, isSearching } = useStore(servers.store);
  const formId = useId();
  const search = (event: FormEvent): void => {
    event.preventDefault();
    void servers.search();
  };
  return (
    <>
      <form className="server-filters" onSubmit={search} data-testid="server-filters">
        {FILTERS.map(({ key, hint }) => (
          <label key={key} htmlFor={`${formId}-${key}`}>
            {words().serverFilters[key]}
            <input
              id={`${formId}-${key}`}
              className="text-input"
              value={filters[key]}
              placeholder={hint}
              autoComplete="off"
              onChange={({ target }) => servers.filter({ [key]: target.value })}
              data-testid={`server-filter-${key}`}
            />
          </label>
        ))}
        <button type="submit" className="button primary" disabled={isSearching} data-testid="server-search">
          <Search size={16} /> {words().servers.search}
        </button>
      </form>
      {studies === null ? null : (
        <ul className="server-list" aria-label={words().servers.studies} data-testid="server-studies">
          {studies.map((one) => (
            // Patients may share a Study Instance UID.
            <li key={[one.studyUid, one.patientId, one.issuerOfPatientId, one.patientName].join(' ')}>
              <button
                type="button"
                className="button plain server-row"
                onClick={() => void servers.openStudy(one)}
                data-testid="server-study"
              >
                <span className="server-name">{personInWords(one.patientName)}</span>
                <span className="quiet">{studyDetails(one)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {studies?.length === 0 && withoutUid === 0 ? <p className="quiet">{words().servers.noStudy}</p> : null}
      {withoutUid > 0 ? (
        <p className="quiet" role="status" data-testid="server-studies-without-uid">
          {words().sentence(failure('network.studies-without-uid', { studies: withoutUid }))}
        </p>
      ) : null}
      {hasMore ? (
        <Button onClick={() => void servers.more()} disabled={isSearching} data-testid="server-more">
          {words().servers.more}
        </Button>
      ) : null}
    </>
  );
}

interface SeriesListProps {
  readonly servers: Servers;
  readonly onOpen: (series: RemoteSeriesInfo) => void;
}

function SeriesList({ servers, onOpen }: SeriesListProps) {
  const { study, series, seriesWarnings, thumbnails } = useStore(servers.store);
  if (study === null) return null;
  return (
    <>
      <div className="server-study-head">
        <Button onClick={servers.closeStudy} data-testid="server-back">
          <ArrowLeft size={16} /> {words().servers.studies}
        </Button>
        <span>
          {personInWords(study.patientName)} <span className="quiet">{studyDetails(study)}</span>
        </span>
      </div>
      {seriesWarnings.map((warning) => (
        <p key={warning.code} className="quiet" role="status" data-testid="server-series-warning">
          {words().sentence(warning)}
        </p>
      ))}
      <ul className="server-list" aria-label={words().common.series} data-testid="server-series-list">
        {series.map((one) => (
          <li key={one.seriesUid}>
            <button
              type="button"
              className="button plain server-row"
              onClick={() => onOpen(one)}
              data-testid="server-series"
            >
              <Picture address={thumbnails[one.seriesUid]} />
              <span className="server-name">{one.description || words().servers.noDescription}</span>
              <span className="quiet">{seriesDetails(one)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Picture({ address }: { readonly address: string | null | undefined }) {
  const [isBroken, setBroken] = useState(false);
  return (
    <span className="server-picture" data-ready={address ? true : undefined} data-testid="server-picture">
      {address && !isBroken ? <img src={address} alt="" onError={() => setBroken(true)} /> : null}
    </span>
  );
}
