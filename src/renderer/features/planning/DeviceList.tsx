import type { DeviceCandidate, DeviceFit } from '#shared/contract/planning.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { sizedByInWords } from '#shared/planning/fitInWords.ts';
import { words } from '#shared/words/words.ts';
import { type PlanningState, planOf } from './planningState.ts';

interface DeviceListProps {
  readonly state: PlanningState;
  readonly appendage: MeasuredAppendage;
}

/** All sizes of devices that fit, table by table; where none does, the reason. */
export function DeviceList({ state, appendage }: DeviceListProps) {
  const { tablesProblem, origin } = state;
  const devices = planOf(state, { appendage })?.devices ?? [];
  return (
    <section className="panel-section" aria-label="Devices" data-testid="device-list">
      <h3>Sizes of devices that fit</h3>
      {tablesProblem ? <p className="withheld">{words().sentence(tablesProblem)}</p> : null}
      {devices.map((device) => (
        <Device key={device.name} device={device} />
      ))}
      <p className="quiet">
        {origin === 'own' ? 'By your own tables.' : 'By the bundled tables.'} All that fit are shown, none is
        preferred.
      </p>
    </section>
  );
}

function Device({ device }: { readonly device: DeviceFit }) {
  const { name, source, candidates, excluded, withheld } = device;
  return (
    <article className="device" aria-label={name} data-testid={`device-${name}`}>
      <h4>{name}</h4>
      <p className="quiet">By the {sizedByInWords(device)}.</p>
      {withheld ? <p className="withheld">{words().sentence(withheld)}</p> : null}
      {candidates.length > 0 ? (
        <ul>
          {candidates.map((candidate) => (
            <Candidate key={candidate.label} candidate={candidate} />
          ))}
        </ul>
      ) : null}
      {withheld === null && excluded.length > 0 ? (
        <ul className="quiet">
          {excluded.map(({ label, reason }) => (
            <li key={label}>
              Not {label}: {words().clause(reason)}.
            </li>
          ))}
        </ul>
      ) : null}
      <p className="quiet" title={source.remarks}>
        Source: {source.title}, {source.version}
        {source.isVerified ? '.' : '; not compared with the manufacturer’s instructions.'}
      </p>
    </article>
  );
}

function Candidate({ candidate }: { readonly candidate: DeviceCandidate }) {
  const { label, rangeMm, compressionPercent, landingZoneCompressionPercent, depthNeededMm } = candidate;
  const { maximum, minimum } = landingZoneCompressionPercent;
  return (
    <li data-testid="device-candidate">
      <strong>{label}</strong> for {rangeMm[0]} to {rangeMm[1]} mm: {compressionPercent.toFixed(0)} %
      compression; at the landing zone {maximum.toFixed(0)} % × {minimum.toFixed(0)} %
      {depthNeededMm === null ? '' : `; needs ${depthNeededMm.toFixed(1)} mm of depth`}
    </li>
  );
}
