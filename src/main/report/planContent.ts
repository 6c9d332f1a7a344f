import type { DeviceFit, DevicePlan } from '#shared/contract/planning.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import type { VirtualDevice } from '#shared/contract/virtualDevice.ts';
import {
  type DeviceRow,
  deviceRows,
  deviceValueInWords,
  ostiumDistanceRows,
  poseInWords,
} from '#shared/planning/deviceInWords.ts';
import { sizedByInWords } from '#shared/planning/fitInWords.ts';
import { landingAdvice } from '#shared/planning/landingAdvice.ts';
import { words } from '#shared/words/words.ts';
import { cArmPlot, profilePlots } from './planPlots.ts';
import type { Plot } from './svgParts.ts';

/** What a report says of a plan. */
export interface PlanContent {
  readonly notice: string;
  readonly devices: readonly DeviceContent[];
  readonly plots: readonly Plot[];
  /** The device that the reader placed; null where none is. */
  readonly placed: PlacedDeviceContent | null;
  /** From the ostium to what surrounds it; none where no network looked. */
  readonly nearby: readonly PlacedDeviceContent['rows'][number][];
  /** Why there are no sizes along the centre line, and what to do; '' where there are. */
  readonly withheld: string;
}

/** A placed device with its numbers and margins. */
export interface PlacedDeviceContent {
  /** Which, and where. */
  readonly title: string;
  /** By its table's ranges. */
  readonly fits: boolean;
  readonly shape: string;
  readonly warnings: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    readonly value: string;
    readonly definition: string;
    readonly isKnown: boolean;
  }[];
}

export interface DeviceContent {
  readonly name: string;
  /** What it is sized by. */
  readonly sizedBy: string;
  /** A line for each size that fits, or why none does. */
  readonly lines: readonly string[];
  readonly fits: boolean;
  readonly source: string;
}

const NOTICE =
  'Research display only. All sizes that fit a table are shown, none is preferred; the tables were not made for this use.';

/** The plan in words and plots. @param straightened the scan along the centre line */
export function planContent(
  plan: DevicePlan,
  { ostium }: Measurements,
  straightened: readonly Plot[],
): PlanContent {
  const { profile, devices, virtualDevice, ostiumDistances } = plan;
  const { sentence } = words();
  const zones = [...new Set(devices.map(({ landingZoneMm }) => landingZoneMm))];
  const advice = profile.withheld && landingAdvice(profile, zones[0] ?? 0);
  return {
    notice: NOTICE,
    devices: devices.map(deviceContent),
    placed: virtualDevice && placedContent(virtualDevice),
    nearby: ostiumDistanceRows(ostiumDistances).map(numberContent),
    plots: [...straightened, ...profilePlots(profile, zones), ...(ostium ? [cArmPlot(ostium.normal)] : [])],
    withheld: profile.withheld ? `${sentence(profile.withheld)} ${advice ? sentence(advice) : ''}` : '',
  };
}

const placedContent = (device: VirtualDevice): PlacedDeviceContent => ({
  title: `${poseInWords(device)}${device.fits ? '' : '; does not fit by its table'}`,
  fits: device.fits,
  shape: `Stiff body, ${device.shapeKind}. ${device.shapeSource}`,
  warnings: device.warnings.map(words().sentence),
  rows: deviceRows(device).map(numberContent),
});

const numberContent = (row: DeviceRow): PlacedDeviceContent['rows'][number] => ({
  label: row.label,
  value: deviceValueInWords(row),
  definition: row.definition,
  isKnown: row.value !== null,
});

function deviceContent(device: DeviceFit): DeviceContent {
  const { name, source, candidates, excluded, withheld } = device;
  const { sentence, clause } = words();
  const lines = withheld
    ? [sentence(withheld)]
    : [
        ...candidates.map(candidateInWords),
        ...excluded.map(({ label, reason }) => `Not ${label}: ${clause(reason)}.`),
      ];
  const unverified = source.isVerified ? '' : '; not compared with the manufacturer’s instructions for use';
  return {
    name,
    sizedBy: `By the ${sizedByInWords(device)}`,
    lines,
    fits: withheld === null,
    source: `${source.title}, ${source.version}${unverified}`,
  };
}

function candidateInWords({
  label,
  rangeMm,
  compressionPercent,
  landingZoneCompressionPercent: { maximum, minimum },
  depthNeededMm,
  landingZoneDoubt,
}: DeviceFit['candidates'][number]): string {
  const depth = depthNeededMm === null ? '' : `; needs ${depthNeededMm.toFixed(1)} mm of depth`;
  const doubt = landingZoneDoubt ? `. ${words().sentence(landingZoneDoubt)}` : '';
  return `${label} (for ${rangeMm[0]} to ${rangeMm[1]} mm): ${compressionPercent.toFixed(0)} % compression; at the landing zone ${maximum.toFixed(0)} % along the maximum and ${minimum.toFixed(0)} % along the minimum diameter${depth}${doubt}`;
}
