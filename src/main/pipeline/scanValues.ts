import { type Failure, failure } from '#shared/failures/failure.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';

/** What CT never measures: the end of the range of 16 bits, where values are kept that lie beyond it. */
const SATURATED_HU = 32767;
const LOWEST = -32768;
/** A few voxels of metal or of a burned-in text may. */
const MOST_SATURATED_SHARE = 0.001;
const LOOKED_AT_VOXELS = 2 ** 18;

type Values = Pick<VolumeHu, 'data'>;

/** What a scan's values show of how they were stored. */
interface ValueStatistics {
  readonly lowest: number;
  readonly highest: number;
  /** Shares of the voxels that have just these values. */
  readonly lowestShare: number;
  readonly highestShare: number;
  /** Different values. */
  readonly levels: number;
  /** The largest step that all values are multiples of, from the lowest on. */
  readonly step: number;
  readonly saturatedShare: number;
}

function statisticsOf({ data }: Values): ValueStatistics | undefined {
  const stride = Math.ceil(data.length / LOOKED_AT_VOXELS);
  // Whole numbers of 16 bits, from −32768 on; what lies beyond is rare.
  const common = new Uint32Array(1 << 16);
  const beyond = new Map<number, number>();
  const looked = countValues(data, stride, common, beyond);
  if (looked === 0) return undefined;
  const found: number[] = [];
  for (let at = 0; at < common.length; at++) if (common[at]! > 0) found.push(at + LOWEST);
  const levels = Float64Array.from([...found, ...beyond.keys()]).sort();
  const [lowest, highest] = [levels[0]!, levels[levels.length - 1]!];
  const share = (value: number): number =>
    (value <= SATURATED_HU ? common[value - LOWEST]! : (beyond.get(value) ?? 0)) / looked;
  return {
    lowest,
    highest,
    lowestShare: share(lowest),
    highestShare: share(highest),
    levels: levels.length,
    step: levels.reduce((step, level) => greatestCommonDivisor(step, level - lowest), 0),
    saturatedShare: share(SATURATED_HU),
  };
}

/** How many values are looked at, padding left out. */
function countValues(
  data: Values['data'],
  stride: number,
  common: Uint32Array,
  beyond: Map<number, number>,
): number {
  let looked = 0;
  for (let voxel = 0; voxel < data.length; voxel += stride) {
    const value = Math.round(data[voxel]!);
    if (value <= OUTSIDE_HU) continue;
    if (value <= SATURATED_HU) common[value - LOWEST]!++;
    else beyond.set(value, (beyond.get(value) ?? 0) + 1);
    looked++;
  }
  return looked;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** Fewer are drawn by hand or computed without noise: no scan whose storage can be judged. */
const FEWEST_LEVELS = 32;
const EIGHT_BIT_LEVELS = 256;
/** Even steps over this range are Hounsfield units rounded coarsely: the wall does not move by them. */
const FULL_RANGE_HU = 1500;
/** A scan shows lung and air; one whose darkest value is brighter than this and frequent has lost them. */
const DARK_HU = -500;
const CLIPPED_DARK_SHARE = 0.02;
/** Contrast and bone reach beyond this in nearly every scan. */
const BRIGHT_HU = 1500;
const CLIPPED_BRIGHT_SHARE = 0.01;

/**
 * Why a scan's values are no Hounsfield units that contrast and walls can be judged by; undefined where they are.
 *
 * Example: a picture of the window −150…650 HU saved with 8 bits has 256 levels, and a third of its voxels, the lung,
 * have the lowest.
 */
export function whyNotHounsfield(volume: Values): Failure | undefined {
  const values = statisticsOf(volume);
  if (!values || values.levels < FEWEST_LEVELS) return undefined;
  const { lowest, highest, levels, step } = values;
  const range = highest - lowest;
  const isRounded = step > 1 && range >= FULL_RANGE_HU;
  if (levels <= EIGHT_BIT_LEVELS && !isRounded) {
    return failure('measure.values-eight-bit', { levels, lowest, highest });
  }
  const isDarkLost = lowest > DARK_HU && values.lowestShare >= CLIPPED_DARK_SHARE;
  const isBrightLost = highest < BRIGHT_HU && values.highestShare >= CLIPPED_BRIGHT_SHARE;
  return isDarkLost || isBrightLost ? failure('measure.values-windowed', { lowest, highest }) : undefined;
}

/**
 * Says where a good part of a scan's values cannot be Hounsfield units: a header that calls signed values unsigned turns
 * −1000 HU into 64536.
 */
export function valueWarnings(volume: Values): Failure[] {
  const share = statisticsOf(volume)?.saturatedShare ?? 0;
  return share > MOST_SATURATED_SHARE
    ? [failure('pipeline.values-saturated', { percent: Math.max(0.1, Math.round(1000 * share) / 10) })]
    : [];
}
