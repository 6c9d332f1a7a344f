import type { DeviceCandidate, DeviceFit } from '#shared/contract/planning.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { sizedByInWords } from '#shared/planning/fitInWords.ts';
import { words } from '../../words/index.ts';
import { type PlanningState, planOf } from './planningState.ts';

interface DeviceListProps {
  readonly state: PlanningState;
  readonly appendage: MeasuredAppendage;
}

/** All sizes of devices that fit, table by table; where none does, the reason. */
export function DeviceList({ state, appendage }: DeviceListProps) {
  const { tablesProblem, origin } = state;
  const devices = planOf(state, { appendage, current: null })?.devices ?? [];
  return (
    <section className="panel-section" aria-label={words().plan.devices} data-testid="device-list">
      <h3>{words().plan.fitting}</h3>
      {tablesProblem ? <p className="withheld">{words().sentence(tablesProblem)}</p> : null}
      {devices.map((device) => (
        <Device key={device.name} device={device} />
      ))}
      <p className="quiet">
        {origin === 'own' ? words().plan.byOwnTables : words().plan.byBundledTables} {words().plan.allShown}
      </p>
    </section>
  );
}

function Device({ device }: { readonly device: DeviceFit }) {
  const { name, source, candidates, excluded, withheld } = device;
  return (
    <article className="device" aria-label={name} data-testid={`device-${name}`}>
      <h4>{name}</h4>
      <p className="quiet">{sizedBy(device)}</p>
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
            <li key={label}>{words().plan.excluded(label, words().clause(reason))}</li>
          ))}
        </ul>
      ) : null}
      <p className="quiet">{words().plan.source(`${source.title}, ${source.version}`, source.isVerified)}</p>
      <Comparison source={source} />
    </article>
  );
}

/** What the table itself says of its numbers, in its own language. */
function Comparison({ source }: { readonly source: DeviceFit['source'] }) {
  const { remarks, comparedWith = [], notCompared } = source;
  if (remarks === undefined && comparedWith.length === 0 && notCompared === undefined) return null;
  const { plan } = words();
  return (
    <details className="quiet">
      <summary>{plan.comparisonOfTable}</summary>
      {remarks === undefined ? null : <p>{remarks}</p>}
      <ul>
        {comparedWith.map(({ title, address, published, read, says, agrees }) => (
          <li key={`${title} ${says}`}>
            {plan.comparedWith(says, agrees)} {title} ({published}), {address}, {plan.readOn(read)}
          </li>
        ))}
      </ul>
      {notCompared === undefined ? null : <p>{plan.notCompared(notCompared)}</p>}
    </details>
  );
}

/** "By the maximum diameter of the ostium, 21.3 mm."; as `sizedByInWords` says it in files. */
function sizedBy(device: DeviceFit): string {
  const { plan, recorded, numbersIn } = words();
  const { sizedBy: by, measuredMm, landingZoneMm } = device;
  return plan.sizedBy({
    inFiles: sizedByInWords(device),
    diameter: recorded(by.diameter),
    isOfOstium: by.section === 'ostium',
    measuredMm: measuredMm === null ? null : numbersIn(measuredMm.toFixed(1)),
    landingZoneMm: numbersIn(String(landingZoneMm)),
  });
}

function Candidate({ candidate }: { readonly candidate: DeviceCandidate }) {
  const { label, rangeMm, compressionPercent, depthNeededMm, landingZoneDoubt } = candidate;
  const { landingZoneCompressionPercent } = candidate;
  const { maximum, minimum } = landingZoneCompressionPercent;
  const { plan, plain, decimals } = words();
  return (
    <li data-testid="device-candidate">
      <strong>{label}</strong>{' '}
      {plan.candidate(
        plain(rangeMm[0]),
        plain(rangeMm[1]),
        decimals(compressionPercent, 0),
        decimals(maximum, 0),
        decimals(minimum, 0),
      )}
      {depthNeededMm === null ? '' : plan.needsDepth(decimals(depthNeededMm, 1))}
      {landingZoneDoubt ? <p className="withheld">{words().sentence(landingZoneDoubt)}</p> : null}
    </li>
  );
}
