import type { SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { words } from '../../words/index.ts';
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
        <section
          className="panel-section"
          aria-label={words().measures.warnings}
          data-testid="result-warnings"
        >
          <h3>{words().measures.warnings}</h3>
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
      <section className="panel-section" aria-label={words().measures.mesh} data-testid="mesh-facts">
        <h3>{words().measures.mesh}</h3>
        <dl className="rows">
          <div className="row" data-testid="mesh-vertices">
            <dt>{words().measures.vertices}</dt>
            <dd>{words().measures.pair(words().count(mesh.vertices), words().count(mesh.faces))}</dd>
          </div>
          <div className="row" data-testid="mesh-soundness">
            <dt>{words().measures.watertight}</dt>
            <dd>
              {words().measures.yesNo(mesh.watertight)}, {words().measures.yesNo(mesh.manifold)}
            </dd>
          </div>
          <div className="row" data-testid="mesh-handles">
            <dt>{words().measures.handles}</dt>
            <dd>{mesh.genus ?? words().measures.undetermined}</dd>
          </div>
          <div className="row">
            <dt>{words().measures.intersections}</dt>
            <dd>{mesh.selfIntersections}</dd>
          </div>
        </dl>
      </section>
      <section className="panel-section" aria-label={words().measures.provenance} data-testid="provenance">
        <h3>{words().measures.provenance}</h3>
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
