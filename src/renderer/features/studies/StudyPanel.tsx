import { useStore } from 'zustand';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
import { dateInWords, shortenWords } from '../../ui/valuesInWords.ts';
import { SeriesThumbnail } from './SeriesThumbnail.tsx';
import type { Studies } from './studiesStore.ts';
import type { SeriesEntry } from './types.ts';

interface StudyPanelProps {
  readonly studies: Studies;
}

const spacingInWords = ({ spacingMm }: SeriesEntry): string =>
  spacingMm === null
    ? 'spacing unknown'
    : `${spacingMm[0].toFixed(2)} × ${spacingMm[1].toFixed(2)} × ${spacingMm[2].toFixed(2)} mm`;

const ownerOf = ({ patient: { name, id, studyDate, studyDescription } }: SeriesEntry): string =>
  [name.replaceAll('^', ' ').trim() || id, studyDescription, dateInWords(studyDate)]
    .filter(Boolean)
    .join(' · ') || 'No patient data';

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
      <h2 className="panel-title">Series</h2>
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
                <span className="series-name">{entry.description || 'No description'}</span>
                {isMixed ? <span>{ownerOf(entry)}</span> : null}
                {entry.details ? <span className="quiet">{entry.details}</span> : null}
                <span className="quiet">
                  {entry.sliceCount} {entry.sliceCount === 1 ? 'slice' : 'slices'} · {spacingInWords(entry)}
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
                title="Interpolates to even spacing. Warnings and reports say so; masks stay on the acquired slices."
                onClick={() => void studies.resample(entry.id)}
              >
                Resample
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {warnings.length + study.problems.length === 0 ? null : (
        <section className="panel-section" aria-label="Warnings about the scan" data-testid="series-warnings">
          <h3>About this scan</h3>
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
          {study.skippedFiles} {study.skippedFiles === 1 ? 'file was' : 'files were'} skipped: not DICOM
          images.
        </p>
      )}
    </>
  );
}
