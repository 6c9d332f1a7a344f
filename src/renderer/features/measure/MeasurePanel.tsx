import type { SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { words } from '#shared/words/words.ts';
import { measureGroups } from './measureRows.ts';
import { provenanceOf } from './provenance.ts';

interface MeasurePanelProps {
  readonly appendage: MeasuredAppendage;
  /** With the numbers and warnings of the surface as it is now. */
  readonly report: SegmentationReport;
  readonly isCut: boolean;
  readonly edits: readonly string[];
  /** The surface is not up to date with the edits: the numbers are those of the last one. */
  readonly isStale: boolean;
}

export function MeasurePanel({ appendage, report, isCut, edits, isStale }: MeasurePanelProps) {
  const { mesh } = report;
  return (
    <div className="measures selectable" data-testid="measure-panel" data-stale={isStale} aria-busy={isStale}>
      {report.warnings.length === 0 ? null : (
        <section className="panel-section" aria-label="Warnings" data-testid="result-warnings">
          <h3>Warnings</h3>
          <ul className="warnings">
            {report.warnings.map(words().sentence).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </section>
      )}
      {measureGroups({ appendage, report, isCut }).map(({ title, rows }) => (
        <section key={title} className="panel-section" aria-label={title}>
          <h3>{title}</h3>
          <dl className="rows">
            {rows.map(({ id, label, value, unit, withheld }) => (
              <div key={id} className="row" data-testid={`measure-${id}`}>
                <dt>{label}</dt>
                {value === null ? (
                  <dd className="withheld">{withheld}</dd>
                ) : (
                  <dd>
                    <span className="number-value">{value}</span> <span className="unit">{unit}</span>
                  </dd>
                )}
              </div>
            ))}
          </dl>
        </section>
      ))}
      <section className="panel-section" aria-label="Mesh" data-testid="mesh-facts">
        <h3>Mesh</h3>
        <dl className="rows">
          <div className="row" data-testid="mesh-vertices">
            <dt>Vertices, faces</dt>
            <dd>
              {mesh.vertices.toLocaleString('en')}, {mesh.faces.toLocaleString('en')}
            </dd>
          </div>
          <div className="row" data-testid="mesh-soundness">
            <dt>Watertight, manifold</dt>
            <dd>
              {mesh.watertight ? 'yes' : 'no'}, {mesh.manifold ? 'yes' : 'no'}
            </dd>
          </div>
          <div className="row" data-testid="mesh-handles">
            <dt>Topological handles</dt>
            <dd>{mesh.genus ?? 'not determined'}</dd>
          </div>
          <div className="row">
            <dt>Self-intersections</dt>
            <dd>{mesh.selfIntersections}</dd>
          </div>
        </dl>
      </section>
      <section className="panel-section" aria-label="Provenance" data-testid="provenance">
        <h3>Provenance</h3>
        <dl className="provenance">
          {provenanceOf(report, edits).map(({ label, value, title }) => (
            <div key={label + value}>
              <dt>{label}</dt>
              <dd title={title}>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
