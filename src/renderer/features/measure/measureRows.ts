import { viewInWords, workingView } from '#shared/anatomy/cArmView.ts';
import { LANDING_DISTANCES_MM } from '#shared/anatomy/landingZone.ts';
import { type FillingReport, givenFilling, type SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { words } from '../../words/index.ts';

/** One line of the table: a number with its unit, or the reason why there is none. */
export interface MeasureRow {
  /** Stable, for tests and for copying: `ostium-max`, `volume` … */
  readonly id: string;
  readonly label: string;
  readonly value: string | null;
  readonly unit: string;
  /** Shown in place of a number that is withheld. */
  readonly withheld: string | null;
}

export interface MeasureGroup {
  readonly title: string;
  readonly rows: readonly MeasureRow[];
}

/** What the numbers are read from: the surface as it is now, and the report of the segmentation it came from. */
export interface MeasuredCase {
  readonly appendage: Pick<MeasuredAppendage, 'measurements' | 'warnings'>;
  readonly report: Pick<SegmentationReport, 'contrast' | 'filling'>;
  readonly isCut: boolean;
}

const cut = (): string => words().sentence(failure('measure.appendage-cut'));
const noOstium = (): string => words().sentence(failure('measure.no-ostium'));
const cannot = (): string => words().sentence(failure('measure.not-measurable'));

const row = (
  id: string,
  label: string,
  value: number | null | undefined,
  unit: string,
  digits: number,
  reason: string,
): MeasureRow => {
  const isThere = value !== null && value !== undefined;
  return {
    id,
    label,
    value: isThere ? words().decimals(value, digits) : null,
    unit,
    withheld: isThere ? null : reason,
  };
};

/** The reachable C-arm view square to the ostium's axis, as operators say it: `RAO 30° / CAU 20°`; null where there is none. */
export function workingViewInWords(normalLps: Vec3): string | null {
  const view = workingView(normalLps);
  return view ? viewInWords(view) : null;
}

/** Why a number is null: its own reason, or that of what it belongs to; saved work of earlier versions has none. */
function reasonFor(
  { withheld }: MeasuredAppendage['measurements'],
  names: readonly string[],
  otherwise: string,
): string {
  const reason = names.map((name) => withheld[name]).find((known) => known !== undefined);
  return reason ? words().sentence(reason) : otherwise;
}

function landingGroup(
  measurements: MeasuredAppendage['measurements'],
  distanceMm: number,
  onShape: string,
): MeasureGroup {
  const zone = measurements.landingZones.find((known) => known.distanceMm === distanceMm);
  const name = `landingZone${distanceMm}`;
  const reason = (size: string): string => reasonFor(measurements, [`${name}.${size}`, name], onShape);
  const id = (what: string): string => `landing-${distanceMm}-${what}`;
  return {
    title: words().measures.landingZone(distanceMm),
    rows: (zone ? LANDING_SIZES : LANDING_SIZES.slice(0, 1)).map(([what, size, unit, digits]) =>
      row(id(what), words().sizes[size], zone?.[size], unit, digits, reason(size)),
    ),
  };
}

const SECTION_SIZES = [
  ['max', 'maxDiameterMm'],
  ['min', 'minDiameterMm'],
  ['by-area', 'areaDerivedDiameterMm'],
  ['by-perimeter', 'perimeterDerivedDiameterMm'],
] as const;

const LANDING_SIZES = [
  ...SECTION_SIZES.map((size) => [...size, 'mm', 1] as const),
  ['area', 'areaMm2', 'mm²', 0],
  ['perimeter', 'perimeterMm', 'mm', 1],
] as const;

/** The two compartments of an appendage that contrast does not fill; nothing of one that it fills. */
function fillingGroup(filling: FillingReport | null): readonly MeasureGroup[] {
  if (!filling) return [];
  const { uncertaintyMl, fromDepthMm, toDepthMm } = filling;
  return [
    {
      title: words().measures.filling,
      rows: [
        row('filled-volume', words().measures.filled, filling.filledMl, 'mL', 1, cannot()),
        row(
          'filled-hu',
          words().measures.filledHu,
          filling.filledHu,
          'HU',
          0,
          words().measures.nothingFilled,
        ),
        {
          ...row('unfilled-volume', words().measures.unfilled, filling.unfilledMl, 'mL', 1, cannot()),
          value: `${words().decimals(filling.unfilledMl, 1)} ± ${words().decimals(Math.max(0.1, uncertaintyMl), 1)}`,
        },
        row('unfilled-hu', words().measures.unfilledHu, filling.unfilledHu, 'HU', 0, cannot()),
        {
          ...row('unfilled-depth', words().measures.unfilledDepth, fromDepthMm, 'mm', 0, cannot()),
          value: words().measures.fromTo(words().decimals(fromDepthMm, 0), words().decimals(toDepthMm, 0)),
        },
      ],
    },
  ];
}

/** All that the panel shows, in its order; each number that is null with the reason. */
export function measureGroups({ appendage, report, isCut }: MeasuredCase): readonly MeasureGroup[] {
  const { ostium, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 } = appendage.measurements;
  const view = ostium && workingViewInWords(ostium.normal);
  const onShape = isCut ? cut() : ostium ? cannot() : noOstium();
  const whyNot = (name: string, otherwise = onShape): string =>
    reasonFor(appendage.measurements, [name], otherwise);
  return [
    {
      title: isCut ? words().measures.ostiumCut : words().common.ostium,
      rows: [
        ...SECTION_SIZES.map(([what, size]) =>
          row(`ostium-${what}`, words().sizes[size], ostium?.[size], 'mm', 1, whyNot(size, noOstium())),
        ),
        row(
          'ostium-eccentricity',
          words().measures.eccentricity,
          ostium?.eccentricity,
          '',
          2,
          whyNot('eccentricity', noOstium()),
        ),
        row('ostium-area', words().sizes.areaMm2, ostium?.areaMm2, 'mm²', 0, whyNot('areaMm2', noOstium())),
        row(
          'ostium-perimeter',
          words().sizes.perimeterMm,
          ostium?.perimeterMm,
          'mm',
          1,
          whyNot('perimeterMm', noOstium()),
        ),
      ],
    },
    ...LANDING_DISTANCES_MM.map((distanceMm) => landingGroup(appendage.measurements, distanceMm, onShape)),
    {
      title: words().common.appendage,
      rows: [
        row('volume', words().measures.volume, volumeMl, 'mL', 1, whyNot('volumeMl')),
        row('depth', words().measures.depth, depthMm, 'mm', 1, whyNot('depthMm')),
        row(
          'depth-to-bend',
          words().measures.toBend,
          depthToFirstBendMm,
          'mm',
          1,
          whyNot('depthToFirstBendMm'),
        ),
        row('surface-area', words().measures.wallArea, surfaceAreaMm2, 'mm²', 0, whyNot('surfaceAreaMm2')),
      ],
    },
    {
      title: words().measures.contrast,
      rows: [
        row('hu-atrium', words().measures.leftAtrium, report.contrast.atriumHu, 'HU', 0, cannot()),
        row('hu-appendage', words().common.appendage, report.contrast.appendageHu, 'HU', 0, cannot()),
      ],
    },
    ...fillingGroup(givenFilling(report, appendage.measurements)),
    {
      title: words().measures.fluoroscopy,
      rows: [
        {
          id: 'c-arm',
          label: words().measures.workingView,
          value: view,
          unit: '',
          withheld: view ? null : ostium ? words().measures.noView : noOstium(),
        },
      ],
    },
  ];
}
