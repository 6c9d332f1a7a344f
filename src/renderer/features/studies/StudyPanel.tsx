import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import { dateInWords, shortenWords } from '../../ui/valuesInWords.ts';
import { words } from '../../words/index.ts';
import { SeriesThumbnail } from './SeriesThumbnail.tsx';
import type { Studies } from './studiesStore.ts';
import type { SeriesEntry } from './types.ts';

interface StudyPanelProps {
  readonly studies: Studies;
}

const spacingInWords = ({ spacingMm }: SeriesEntry): string =>
  spacingMm === null
    ? words().studies.spacingUnknown
    : `${spacingMm.map((mm) => words().decimals(mm, 2)).join(' × ')} mm`;

const ownerOf = ({ patient: { name, id, studyDate, studyDescription } }: SeriesEntry): string =>
  [name.replaceAll('^', ' ').trim() || id, studyDescription, dateInWords(studyDate)]
    .filter(Boolean)
    .join(' · ') || words().common.noPatientData;

/** The series of the open study; choosing one loads it. Refused ones say why. */
export function StudyPanel({ studies }: StudyPanelProps) {
  const { study, selectedId, loaded, thumbnails } = useStore(studies.store);
  if (!study) return null;
  const warnings = loaded?.warnings ?? [];
  // Where several studies or patients are open at once, each line says whose it is.
  const isMixed =
    new Set(
      study.series.map(
        ({ studyInstanceUid, patient }) => `${studyInstanceUid} ${patient.id} ${patient.name}`,
      ),
    ).size > 1;
  return (
    <>
      <h2 className="panel-title">{words().common.series}</h2>
      <ul className="series-list" data-testid="series-list">
        {study.series.map((entry) => (
          <li key={entry.id}>
            <button
              type="button"
              className="series"
              data-testid="series"
              aria-pressed={entry.id === selectedId}
              aria-disabled={entry.refusal !== null}
              onClick={() => {
                if (entry.id !== selectedId) void studies.select(entry.id);
              }}
            >
              <SeriesThumbnail thumbnail={thumbnails[entry.id]} />
              <span className="series-text">
                <span className="series-name">{entry.description || words().studies.noDescription}</span>
                {isMixed ? <span>{ownerOf(entry)}</span> : null}
                {entry.details ? (
                  <span className="quiet">{entry.details.split(', ').map(words().recorded).join(', ')}</span>
                ) : null}
                <span className="quiet">
                  {words().studies.slices(entry.sliceCount)} · {spacingInWords(entry)}
                </span>
                {entry.refusal === null ? null : (
                  <span className="series-refusal" title={words().sentence(entry.refusal)}>
                    {shortenWords(words().sentence(entry.refusal))}
                  </span>
                )}
              </span>
            </button>
            {entry.canResample ? (
              <Button
                className="series-choice"
                data-testid="resample-series"
                title={words().studies.resampleHint}
                onClick={() => void studies.resample(entry.id)}
              >
                {words().studies.resample}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {warnings.length + study.problems.length === 0 ? null : (
        <section
          className="panel-section"
          aria-label={words().studies.warnings}
          data-testid="series-warnings"
        >
          <h3>{words().studies.about}</h3>
          <ul className="warnings">
            {[...new Set([...warnings, ...study.problems].map(words().sentence))].map((sentence) => (
              <li key={sentence} title={sentence}>
                {shortenWords(sentence)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {study.skippedFiles === 0 ? null : (
        <p className="panel-section quiet" data-testid="skipped-files">
          {words().studies.skipped(study.skippedFiles)}
        </p>
      )}
    </>
  );
}
