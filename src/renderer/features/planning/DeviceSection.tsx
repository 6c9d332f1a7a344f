import { useStore } from 'zustand';
import type { DeviceFit, DeviceTable } from '#shared/contract/planning.ts';
import { type DevicePose, MOST_TILT_DEGREES, type VirtualDevice } from '#shared/contract/virtualDevice.ts';
import { directionInWords, lineDepthMm, lineFrame } from '#shared/planning/deviceFrame.ts';
import { deviceRows, deviceValueInWords } from '#shared/planning/deviceInWords.ts';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { words } from '../../words/index.ts';
import type { Review } from '../review/index.ts';
import type { PlacedDevice } from './placedDevice.ts';
import { planOf } from './planningState.ts';
import type { Planning } from './planningStore.ts';

interface DeviceSectionProps {
  readonly device: PlacedDevice;
  readonly planning: Planning;
  readonly review: Pick<Review, 'store'>;
}

/** A virtual device: chosen from the tables, placed along the centre line, measured where it lies. */
export function DeviceSection({ device, planning, review }: DeviceSectionProps) {
  const state = useStore(planning.store);
  const { device: pose, appendage, current } = useStore(review.store);
  const { measured, problem, isVisible } = useStore(device.store);
  const { tables, profile } = state;
  if (!profile || (profile.withheld && !pose)) return null;
  // What is placed can be removed where it cannot be shown.
  const why = problem ?? profile.withheld;
  const fits = planOf(state, { appendage, current })?.devices ?? [];
  return (
    <section className="panel-section" aria-label={words().plan.device} data-testid="virtual-device">
      <h3>{words().plan.device}</h3>
      <DeviceChoice tables={tables} fits={fits} pose={pose} onChoose={device.choose} />
      {why ? <p className="withheld">{words().sentence(why)}</p> : null}
      {pose && !why ? (
        <>
          <PoseSliders device={device} planning={planning} review={review} pose={pose} />
          <SwitchField
            label={words().plan.showInViews}
            isOn={isVisible}
            onChange={device.show}
            testId="device-visible"
          />
        </>
      ) : null}
      {pose ? (
        <div className="plan-buttons">
          <Button disabled={why !== null} onClick={device.look} data-testid="device-look">
            {words().plan.planesToIt}
          </Button>
          <Button
            disabled={pose.tiltDegrees.every((degrees) => degrees === 0)}
            onClick={() => device.change({ tiltDegrees: [0, 0] }, true)}
            data-testid="device-straighten"
          >
            {words().plan.alongLine}
          </Button>
          <Button onClick={() => device.choose(null)} data-testid="device-remove">
            {words().common.remove}
          </Button>
        </div>
      ) : (
        <p className="quiet">{words().plan.deviceHint}</p>
      )}
      {pose && measured ? <DeviceNumbers measured={measured} /> : null}
    </section>
  );
}

/** In a select's value, between a table and a size; names hold no such character. */
const SEPARATOR = '\n';

interface DeviceChoiceProps {
  readonly tables: readonly DeviceTable[];
  readonly fits: readonly DeviceFit[];
  readonly pose: DevicePose | null;
  readonly onChoose: PlacedDevice['choose'];
}

function DeviceChoice({ tables, fits, pose, onChoose }: DeviceChoiceProps) {
  const doesFit = (table: string, size: string): boolean =>
    fits.some(({ name, candidates }) => name === table && candidates.some(({ label }) => label === size));
  return (
    <label className="field">
      <span>{words().plan.size}</span>
      <select
        value={pose ? `${pose.table}${SEPARATOR}${pose.size}` : ''}
        onChange={({ target }) => {
          const [table, size] = target.value.split(SEPARATOR);
          onChoose(table && size ? { table, size } : null);
        }}
        data-testid="device-choice"
      >
        <option value="">{words().plan.noDevice}</option>
        {tables.map(({ name, shape, sizes }) => (
          <optgroup key={name} label={shape ? name : words().plan.noShape(name)}>
            {sizes.map(({ label }) => (
              <option key={label} value={`${name}${SEPARATOR}${label}`} disabled={!shape}>
                {label}
                {doesFit(name, label) ? '' : words().plan.doesNotFit}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

const STEP_MM = 0.5;

interface PoseSlidersProps extends DeviceSectionProps {
  readonly pose: DevicePose;
}

function PoseSliders({ device, planning, review, pose }: PoseSlidersProps) {
  const { profile } = planning.store.getState();
  const { appendage } = review.store.getState();
  if (!profile || !appendage?.ostiumPlane) return null;
  const { first, second } = lineFrame(profile, appendage.ostiumPlane.normal, pose.depthMm);
  const tilted = (at: 0 | 1, degrees: number): [number, number] =>
    at === 0 ? [degrees, pose.tiltDegrees[1]] : [pose.tiltDegrees[0], degrees];
  return (
    <>
      <SliderField
        label={words().plan.implantationDepth}
        value={pose.depthMm}
        least={0}
        most={Math.floor(10 * lineDepthMm(profile)) / 10}
        step={STEP_MM}
        shown={`${words().decimals(pose.depthMm, 1)} mm`}
        onChange={(depthMm) => device.change({ depthMm }, false)}
        onCommit={(depthMm) => device.change({ depthMm }, true)}
        testId="device-depth"
      />
      {([first, second] as const).map((direction, at) => {
        const which = at === 0 ? 0 : 1;
        const degrees = pose.tiltDegrees[which];
        return (
          <SliderField
            key={which}
            label={words().plan.tiltTo(words().recorded(directionInWords(direction)))}
            value={degrees}
            least={-MOST_TILT_DEGREES}
            most={MOST_TILT_DEGREES}
            step={1}
            shown={`${degrees < 0 ? '−' : ''}${Math.abs(degrees).toFixed(0)}°`}
            onChange={(to) => device.change({ tiltDegrees: tilted(which, to) }, false)}
            onCommit={(to) => device.change({ tiltDegrees: tilted(which, to) }, true)}
            testId={`device-tilt-${at + 1}`}
          />
        );
      })}
    </>
  );
}

function DeviceNumbers({ measured }: { readonly measured: VirtualDevice }) {
  return (
    <>
      {measured.warnings.length > 0 ? (
        <ul className="device-warnings" data-testid="device-warnings">
          {measured.warnings.map((warning) => (
            <li key={warning.code} className="withheld">
              {words().sentence(warning)}
            </li>
          ))}
        </ul>
      ) : null}
      <dl className="rows" data-testid="device-numbers">
        {deviceRows(measured, words())
          .filter(({ key }) => key !== 'depthMm')
          .map((row) => (
            <div
              key={row.key}
              className="row"
              data-testid={`device-${row.key}`}
              title={words().recorded(row.definition)}
            >
              <dt>{words().recorded(row.label)}</dt>
              {row.value === null ? (
                <dd className="withheld">{words().recorded(row.withheld)}</dd>
              ) : (
                <dd className="number-value">{words().numbersIn(deviceValueInWords(row))}</dd>
              )}
            </div>
          ))}
      </dl>
      <p className="quiet">{words().plan.shape(measured.shapeSource)}</p>
    </>
  );
}
