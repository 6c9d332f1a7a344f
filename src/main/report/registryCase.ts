import { workingView } from '#shared/anatomy/cArmView.ts';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import { changeOf, sizingPhase } from '#shared/phases/phaseCycle.ts';
import { OSTIUM_AREA, type PhaseSize, sizeIn, VOLUME } from '#shared/phases/phaseSizes.ts';
import { deviceRows } from '#shared/planning/deviceInWords.ts';
import { words } from '#shared/words/words.ts';
import { csvOf } from './csvText.ts';
import { CYCLE_SIZES } from './cycleContent.ts';
import { type MeasurementRow, measurementRows } from './measurementRows.ts';
import { allWarnings, RESEARCH_ONLY, type ReportInput } from './reportInput.ts';

export const REGISTRY_FORMAT = 'auricle-registry';
/** Of the fields' names and meanings (docs/registry.md); a field that is added leaves it as it is. */
export const REGISTRY_VERSION = 1;

/** A case as a registry keeps it: flat, in a fixed order, each number as reader and report show it. */
export type RegistryCase = Readonly<Record<string, string | number | null>>;

const SECTION_FIELDS = [
  ['maxDiameterMm', 'max_diameter_mm'],
  ['minDiameterMm', 'min_diameter_mm'],
  ['areaDerivedDiameterMm', 'area_derived_diameter_mm'],
  ['perimeterDerivedDiameterMm', 'perimeter_derived_diameter_mm'],
  ['areaMm2', 'area_mm2'],
  ['perimeterMm', 'perimeter_mm'],
] as const;

/** The names of the measurements' keys in a registry. */
const NUMBER_FIELDS: readonly (readonly [key: string, field: string])[] = [
  ...SECTION_FIELDS.map(([key, field]) => [key, `ostium_${field}`] as const),
  ['eccentricity', 'ostium_eccentricity'],
  ...['10', '12', 'Set'].flatMap((zone) =>
    SECTION_FIELDS.map(
      ([key, field]) => [`landingZone${zone}.${key}`, `landing_zone_${zone.toLowerCase()}_${field}`] as const,
    ),
  ),
  ['volumeMl', 'volume_ml'],
  ['depthMm', 'depth_mm'],
  ['depthToFirstBendMm', 'depth_to_first_bend_mm'],
  ['surfaceAreaMm2', 'wall_area_mm2'],
  ['appendageHu', 'appendage_hu'],
  ['atriumHu', 'atrium_hu'],
  ['filling.filledMl', 'filled_volume_ml'],
  ['filling.unfilledMl', 'unfilled_volume_ml'],
];

const DEVICE_FIELDS: readonly (readonly [key: string, field: string])[] = [
  ['depthMm', 'device_depth_mm'],
  ['compressionMaximum', 'device_compression_max_percent'],
  ['compressionMinimum', 'device_compression_min_percent'],
  ['protrusionMm', 'device_protrusion_mm'],
  ['overlapMm', 'device_overlap_mm'],
  ['gapMm', 'device_gap_mm'],
  ['contactPercent', 'device_contact_percent'],
  ['circumflexMm', 'device_to_circumflex_mm'],
  ['ridgeMm', 'device_to_ridge_mm'],
];

/** A number with the digits that readers see; null stays null. */
const shown = (row: Pick<MeasurementRow, 'value' | 'digits'> | undefined): number | null =>
  row === undefined || row.value === null ? null : Number(fixedDecimals(row.value, row.digits));

/** One row of a registry. No patient data: `caseId` is the registry's own, by default the series' UID. */
export function registryCase(input: ReportInput, caseId?: string): RegistryCase {
  const { report, measurements, plan, edits, review, reviewedBy, madeAt } = input;
  const rows = new Map(measurementRows(input).map((row) => [row.key, row]));
  const device = plan?.virtualDevice;
  const deviceNumbers = new Map((device ? deviceRows(device) : []).map((row) => [row.key, row]));
  const view = measurements.ostium && workingView(measurements.ostium.normal);
  const withheld = NUMBER_FIELDS.filter(([key]) => rows.get(key)?.value === null).map(([, field]) => field);
  return {
    format: REGISTRY_FORMAT,
    format_version: REGISTRY_VERSION,
    notice: RESEARCH_ONLY,
    case_id: caseId ?? report.source.seriesInstanceUid,
    series_instance_uid: report.source.seriesInstanceUid,
    program_version: report.program.version,
    models: report.models.map(({ id }) => id).join('; '),
    made_at: madeAt.toISOString(),
    review,
    reviewed_at: reviewedBy?.at ?? null,
    manual_edits: edits.length,
    confidence: report.confidence,
    region_confidence: report.region.confidence,
    ostium_plane_sd_mm: report.ostiumLandmarks?.planeSdMm ?? null,
    ostium_plane_sd_deg: report.ostiumLandmarks?.planeSdDegrees ?? null,
    landing_zone_set_distance_mm: plan?.landingZoneMm ?? null,
    ...Object.fromEntries(NUMBER_FIELDS.map(([key, field]) => [field, shown(rows.get(key))])),
    c_arm_alpha_deg: view ? Math.round(view.alphaDegrees) : null,
    c_arm_beta_deg: view ? Math.round(view.betaDegrees) : null,
    device_table: device?.table ?? null,
    device_size: device?.size ?? null,
    device_fits_table: device ? (device.fits ? 'yes' : 'no') : null,
    ...Object.fromEntries(DEVICE_FIELDS.map(([key, field]) => [field, shown(deviceNumbers.get(key))])),
    ...cycleFields(input),
    withheld: withheld.join('; '),
    unfit: report.unfit ? words('en').sentence(report.unfit) : '',
    warnings: allWarnings(input).join(' | '),
  };
}

/** Of which phase the numbers are, the phase of the largest ostium, and each size over the cycle: "5 %: 4.1; 40 %: 6.2". */
function cycleFields({ report, phases }: ReportInput): RegistryCase {
  const known = phases.length < 2 ? [] : phases;
  const sizing = sizingPhase(known);
  const change = (size: PhaseSize): number | null => {
    const percent = changeOf(known, size)?.changePercent;
    return percent === undefined ? null : Math.round(percent);
  };
  return {
    heart_phase: report.source.heartPhase?.label ?? null,
    cycle_phases: known.length === 0 ? null : known.map(({ phase }) => phase.label).join('; '),
    cycle_sizing_phase: sizing?.result.phase.label ?? null,
    cycle_volume_change_percent: change(VOLUME),
    cycle_ostium_area_change_percent: change(OSTIUM_AREA),
    ...Object.fromEntries(
      CYCLE_SIZES.map(([, size, field]) => [
        `cycle_${field}`,
        known.length === 0
          ? null
          : known
              .flatMap((result) => {
                const value = sizeIn(result, size);
                return value === null ? [] : [`${result.phase.label}: ${fixedDecimals(value, size.digits)}`];
              })
              .join('; '),
      ]),
    ),
  };
}

/** One case, or several as an array. */
export const registryJson = (content: RegistryCase | readonly RegistryCase[]): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);

/** One row each, below the fields' names; an empty cell is a number that is not given. */
export function registryCsv(cases: readonly RegistryCase[]): Uint8Array {
  const fields = [...new Set(cases.flatMap((one) => Object.keys(one)))];
  return csvOf([fields, ...cases.map((one) => fields.map((field) => String(one[field] ?? '')))]);
}
