import type {
  DeviceCandidate,
  DeviceFit,
  DevicePlan,
  DeviceTable,
  LumenProfile,
} from '../contract/planning.ts';
import type { Measurements } from '../contract/services/measured.ts';
import type { OstiumDistance } from '../contract/surroundings.ts';
import { type Failure, failure } from '../failures/failure.ts';
import { sectionAt } from './profileSection.ts';

/** What devices are chosen by: sizes of the ostium, and along the centre line. */
export interface SizedAppendage {
  readonly measurements: Pick<Measurements, 'ostium' | 'depthMm' | 'withheld'>;
  readonly profile: LumenProfile;
}

type Size = DeviceTable['sizes'][number];

const KEYS = {
  maximum: 'maxDiameterMm',
  minimum: 'minDiameterMm',
  'area-derived': 'areaDerivedDiameterMm',
  'perimeter-derived': 'perimeterDerivedDiameterMm',
} as const satisfies Record<DeviceTable['sizedBy']['diameter'], string>;

/** Both ends of a range fit, whatever the last bit of a sum says, mm and percent. */
const ROUNDING = 1e-6;

const isWithin = (value: number, [from, to]: readonly [number, number]): boolean =>
  value >= from - ROUNDING && value <= to + ROUNDING;

/**
 * The sizes of a device that fit. A size fits where the diameter that the device is sized by lies within its range, both
 * ends included, where it is compressed as its table wants, and where the appendage is as deep as it needs. Ranges may
 * overlap: every size that fits is given, in the table's order.
 *
 * Example: of a table 24: 16.8–21.6 mm and 27: 18.9–24.3 mm, both fit a diameter of 20 mm: compressed by 17 and by 26 %.
 * Without an ostium or without a landing zone there is no candidate, and the reason is given.
 * @param landingZoneMm the reader's; the table's own where it is left out or null
 */
export function fitDevice(
  table: DeviceTable,
  appendage: SizedAppendage,
  landingZoneMm: number | null = null,
): DeviceFit {
  const distanceMm = landingZoneMm ?? table.landingZoneMm;
  const fit = {
    name: table.name,
    source: table.source,
    sizedBy: table.sizedBy,
    landingZoneMm: distanceMm,
  };
  const none = (withheld: Failure, parts: Partial<DeviceFit> = {}): DeviceFit => ({
    ...fit,
    measuredMm: null,
    candidates: [],
    excluded: [],
    ...parts,
    withheld,
  });
  const sized = sizesFor(table, appendage, distanceMm);
  if ('withheld' in sized) return none(sized.withheld);
  const { measuredMm, zone } = sized;
  const inRange = table.sizes.filter(({ rangeMm }) => isWithin(measuredMm, rangeMm));
  if (inRange.length === 0) {
    const smallestMm = Math.min(...table.sizes.map(({ rangeMm }) => rangeMm[0]));
    const largestMm = Math.max(...table.sizes.map(({ rangeMm }) => rangeMm[1]));
    return none(failure('planning.no-size-fits', { measuredMm, smallestMm, largestMm }), { measuredMm });
  }
  const candidates: DeviceCandidate[] = [];
  const excluded: DeviceFit['excluded'] = [];
  for (const size of inRange) {
    const reason = whyExcluded(size, measuredMm, appendage.measurements);
    if (reason) excluded.push({ label: size.label, reason });
    else {
      const doubt = landingZoneMm === null ? undefined : doubtAt(zone, table, size);
      const fits = candidate(size, measuredMm, zone);
      candidates.push(doubt ? { ...fits, landingZoneDoubt: doubt } : fits);
    }
  }
  const withheld = candidates.length === 0 ? (excluded[0]?.reason ?? null) : null;
  return {
    ...fit,
    measuredMm,
    candidates,
    excluded: [...excluded, ...nearMisses(table, measuredMm)],
    withheld,
  };
}

/** A diameter is not surer than this, mm: the true one may lie on the other side of a boundary that is nearer. */
const NEAR_MM = 1;

/** The sizes that a measured diameter just misses. */
function nearMisses({ sizes }: DeviceTable, measuredMm: number): DeviceFit['excluded'] {
  return sizes.flatMap(({ label, rangeMm: [leastMm, mostMm] }) => {
    const missedByMm = Math.max(leastMm - measuredMm, measuredMm - mostMm);
    return missedByMm > ROUNDING && missedByMm <= NEAR_MM
      ? [{ label, reason: failure('planning.range-near', { measuredMm, leastMm, mostMm }) }]
      : [];
  });
}

/** What all tables say, for a report. */
export const planDevices = (
  tables: readonly DeviceTable[],
  appendage: SizedAppendage,
  landingZoneMm: number | null = null,
  ostiumDistances: readonly OstiumDistance[] = [],
): DevicePlan => ({
  profile: appendage.profile,
  landingZoneMm,
  devices: tables.map((table) => fitDevice(table, appendage, landingZoneMm)),
  virtualDevice: null,
  ostiumDistances: [...ostiumDistances],
});

interface ZoneDiameters {
  readonly maxDiameterMm: number;
  readonly minDiameterMm: number;
  /** The one that the table sizes by; null where it is withheld. */
  readonly ownMm: number | null;
}

/** Where a table says nothing of compression: narrower than the lumen, or by more than half, is far from any that does. */
const ANY_TABLE_PERCENT = [0, 50] as const;

/** A size that fits by the ostium may be far too wide or too narrow where the reader lets it land. */
function doubtAt(
  { ownMm }: ZoneDiameters,
  { sizedBy: { section, diameter } }: DeviceTable,
  { sizeMm, compressionPercent }: Size,
): Failure | undefined {
  if (section !== 'ostium' || ownMm === null) return undefined;
  const percent = compression(sizeMm, ownMm);
  const [leastPercent, mostPercent] = compressionPercent ?? ANY_TABLE_PERCENT;
  if (isWithin(percent, [leastPercent, mostPercent])) return undefined;
  return compressionPercent
    ? failure('planning.landing-zone-compression', { diameter, percent, leastPercent, mostPercent })
    : failure('planning.landing-zone-far-compression', { diameter, percent });
}

/** The diameter that the device is sized by, and the landing zone's; why not, where either is withheld. */
function sizesFor(
  { sizedBy }: DeviceTable,
  { measurements: { ostium, depthMm: measuredDepthMm, withheld }, profile }: SizedAppendage,
  distanceMm: number,
): { readonly measuredMm: number; readonly zone: ZoneDiameters } | { readonly withheld: Failure } {
  const cannot = failure('measure.not-measurable');
  if (!ostium) return { withheld: withheld.depthMm ?? failure('measure.no-ostium') };
  if (profile.withheld) return { withheld: profile.withheld };
  const zone = sectionAt(profile, distanceMm);
  if (!zone) {
    // The last section lies up to half a millimetre before the tip: the depth is given as the report gives it.
    const lastMm = profile.points.at(-1)?.distanceMm ?? 0;
    const depthMm = measuredDepthMm !== null && measuredDepthMm < distanceMm ? measuredDepthMm : lastMm;
    return { withheld: failure('measure.too-shallow', { depthMm, distanceMm }) };
  }
  const { maxDiameterMm, minDiameterMm } = zone;
  if (maxDiameterMm === null || minDiameterMm === null) return { withheld: zone.withheld.section ?? cannot };
  const key = KEYS[sizedBy.diameter];
  const [section, reasons] = sizedBy.section === 'ostium' ? [ostium, withheld] : [zone, zone.withheld];
  const measuredMm = section[key];
  if (measuredMm === null) return { withheld: reasons[key] ?? cannot };
  return { measuredMm, zone: { maxDiameterMm, minDiameterMm, ownMm: zone[key] } };
}

function whyExcluded(
  { sizeMm, compressionPercent, depthNeededMm }: Size,
  measuredMm: number,
  { depthMm, withheld }: SizedAppendage['measurements'],
): Failure | undefined {
  const percent = compression(sizeMm, measuredMm);
  if (compressionPercent && !isWithin(percent, compressionPercent)) {
    const [leastPercent, mostPercent] = compressionPercent;
    return failure('planning.compression-outside', { percent, leastPercent, mostPercent });
  }
  if (depthNeededMm === undefined) return undefined;
  if (depthMm === null) return withheld.depthMm ?? failure('measure.not-measurable');
  return depthMm < depthNeededMm - ROUNDING
    ? failure('planning.appendage-too-shallow', { depthMm, neededMm: depthNeededMm })
    : undefined;
}

/** By how much a device is narrower in place than by itself, %; below 0 it is narrower than the lumen. */
export const compression = (sizeMm: number, inMm: number): number => (100 * (sizeMm - inMm)) / sizeMm;

const candidate = (
  { label, sizeMm, rangeMm, depthNeededMm }: Size,
  measuredMm: number,
  { maxDiameterMm, minDiameterMm }: ZoneDiameters,
): DeviceCandidate => ({
  label,
  sizeMm,
  rangeMm: [...rangeMm],
  compressionPercent: rounded(compression(sizeMm, measuredMm)),
  landingZoneCompressionPercent: {
    maximum: rounded(compression(sizeMm, maxDiameterMm)),
    minimum: rounded(compression(sizeMm, minDiameterMm)),
  },
  depthNeededMm: depthNeededMm ?? null,
});

const rounded = (percent: number): number => Math.round(10 * percent) / 10;
