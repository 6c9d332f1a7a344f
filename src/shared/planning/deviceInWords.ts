import type { NearbyName, OstiumDistance } from '../contract/surroundings.ts';
import type { VirtualDevice } from '../contract/virtualDevice.ts';
import { type Words, words } from '../words/words.ts';

/** One number of a placed device as a reader sees it. */
export interface DeviceRow {
  /** Stable, for programs that read files. */
  readonly key: string;
  readonly label: string;
  readonly value: number | null;
  readonly unit: 'mm' | '%';
  readonly digits: 0 | 1;
  /** Of ten such numbers nine are off by less; null where that is not known. */
  readonly uncertainty: number | null;
  readonly definition: string;
  /** Why there is no value, as part of a sentence; '' where it is there. */
  readonly withheld: string;
}

const NOT_KNOWN = 'not known';

/**
 * What was measured of a placed device, in the order in which it is read; the same in the application, in reports and on
 * the command line.
 */
export function deviceRows(device: VirtualDevice, inWords: Words = words()): DeviceRow[] {
  const { lumenDiametersMm, compressionPercent, distancesMm, distanceUncertaintiesMm, withheld } = device;
  const whyUnknown = (name: string): string => {
    const reason = withheld[name];
    return reason ? inWords.clause(reason) : NOT_KNOWN;
  };
  const uncertaintyOf = (key: string): number | null =>
    distanceUncertaintiesMm[key.replace(/Mm$/, '')] ?? null;
  const isByModel = (name: 'circumflex' | 'ridge'): boolean => device.distancesByModel.includes(name);
  const whySection = withheld.compressionPercent ? inWords.clause(withheld.compressionPercent) : '';
  const whyOutside = withheld.inLumen ? inWords.clause(withheld.inLumen) : '';
  const rows: readonly (readonly [string, string, number | null, DeviceRow['unit'], string, string])[] = [
    [
      'depthMm',
      'Implantation depth',
      device.depthMm,
      'mm',
      'From the ostium’s centre to the device’s widest circumference, along the centre line',
      '',
    ],
    [
      'lumenMaximumMm',
      'Lumen there, maximum diameter',
      lumenDiametersMm.maximum,
      'mm',
      'Of the section perpendicular to the device’s axis at its widest circumference',
      whySection,
    ],
    [
      'lumenMinimumMm',
      'Lumen there, minimum diameter',
      lumenDiametersMm.minimum,
      'mm',
      'Of the section perpendicular to the device’s axis at its widest circumference',
      whySection,
    ],
    [
      'compressionMaximum',
      'Compression along the maximum diameter',
      compressionPercent.maximum,
      '%',
      '(size − diameter)/size; below 0 the device is narrower than the lumen',
      whySection,
    ],
    [
      'compressionMinimum',
      'Compression along the minimum diameter',
      compressionPercent.minimum,
      '%',
      '(size − diameter)/size; below 0 the device is narrower than the lumen',
      whySection,
    ],
    [
      'protrusionMm',
      'Protrusion past the ostium',
      device.protrusionMm,
      'mm',
      'Of the rim that reaches farthest past the ostium’s plane into the atrium; below 0 it stays before it',
      whyOutside,
    ],
    ...(device.shapeKind === 'cup'
      ? []
      : [
          [
            'lobeProtrusionMm',
            'Protrusion of the lobe',
            device.lobeProtrusionMm,
            'mm',
            'The same of the lobe alone',
            whyOutside,
          ] as const,
        ]),
    [
      'overlapMm',
      'Overlap with the wall',
      device.overlapMm,
      'mm',
      'The largest reach of the uncompressed device beyond the wall, across its axis',
      'the centre of the device lies outside of the lumen',
    ],
    [
      'gapMm',
      'Largest gap',
      device.gapMm,
      'mm',
      'From the widest circumference to the wall',
      whyOutside || 'the centre of the device lies outside of the lumen',
    ],
    [
      'contactPercent',
      'Circumference in contact',
      device.contactPercent,
      '%',
      'The share of the widest circumference that reaches the wall',
      whyOutside || 'the centre of the device lies outside of the lumen',
    ],
    [
      'depthUsedMm',
      'Depth occupied',
      device.depthUsedMm,
      'mm',
      'Along the device’s axis, from the ostium’s plane to its end in the appendage',
      'the device’s axis runs along the ostium',
    ],
    [
      'depthThereIsMm',
      'Depth available',
      device.depthThereIsMm,
      'mm',
      'Along the device’s axis, from the ostium’s plane to the wall',
      'the device’s axis does not meet the wall',
    ],
    [
      'circumflexMm',
      isByModel('circumflex')
        ? 'Distance to the circumflex artery, one point, by the model'
        : 'Distance to the circumflex artery',
      distancesMm.circumflex,
      'mm',
      isByModel('circumflex') ? BY_MODEL : OF_SURFACE,
      whyUnknown('circumflex'),
    ],
    [
      'ridgeMm',
      isByModel('ridge') ? 'Distance to the ridge, one point, by the model' : 'Distance to the ridge',
      distancesMm.ridge,
      'mm',
      isByModel('ridge') ? BY_MODEL : OF_SURFACE,
      NOT_KNOWN,
    ],
    [
      'upperLeftVeinMm',
      'Distance to the left superior pulmonary vein',
      distancesMm.upperLeftVein,
      'mm',
      OF_SURFACE,
      whyUnknown('upperLeftVein'),
    ],
    [
      'mitralAnnulusMm',
      'Distance to the mitral annulus',
      distancesMm.mitralAnnulus,
      'mm',
      OF_SURFACE,
      whyUnknown('mitralAnnulus'),
    ],
    ...(distancesMm.interatrialSeptum === undefined
      ? []
      : [
          [
            'interatrialSeptumMm',
            'Distance to the interatrial septum',
            distancesMm.interatrialSeptum,
            'mm',
            OF_SURFACE,
            whyUnknown('interatrialSeptum'),
          ] as const,
        ]),
  ];
  return rows.map(([key, label, value, unit, definition, why]) => ({
    key,
    label,
    value,
    unit,
    digits: unit === '%' ? 0 : 1,
    definition: uncertaintyOf(key) === null ? definition : BY_NETWORK,
    uncertainty: uncertaintyOf(key),
    withheld: value === null ? why : '',
  }));
}

const OF_OSTIUM: Readonly<Record<NearbyName, readonly [string, string]>> = {
  circumflex: ['circumflexMm', 'Ostium to the circumflex artery'],
  leftSuperiorVein: ['upperLeftVeinMm', 'Ostium to the left superior pulmonary vein'],
  mitralAnnulus: ['mitralAnnulusMm', 'Ostium to the mitral annulus'],
  interatrialSeptum: ['interatrialSeptumMm', 'Ostium to the interatrial septum'],
};

/** The distances from the ostium's rim to what surrounds it, in the same form. */
export const ostiumDistanceRows = (
  distances: readonly OstiumDistance[],
  inWords: Words = words(),
): DeviceRow[] =>
  distances.map(({ structure, mm, uncertaintyMm, withheld }) => {
    const [key, label] = OF_OSTIUM[structure];
    return {
      key,
      label,
      value: mm,
      unit: 'mm',
      digits: 1,
      uncertainty: uncertaintyMm,
      definition:
        'From the rim of the ostium to the nearest place that a coarse network found; ± holds for nine of ten phantoms',
      withheld: withheld ? inWords.clause(withheld) : '',
    };
  });

const BY_NETWORK =
  'From the surface of the uncompressed device to the nearest place that a coarse network found; ± holds for nine of ten phantoms';
const BY_MODEL =
  'From the surface of the uncompressed device to the point that the model of the surface took for it; how far that is off is not known';
const OF_SURFACE =
  'From the surface of the uncompressed device; not known where no reader and no network has set the place';

/** "Watchman FLX, 24 mm, at 10.0 mm, tilted 5° and −3°". */
export function poseInWords({ table, size, depthMm, tiltDegrees: [first, second] }: VirtualDevice): string {
  const degrees = (value: number): string => `${value < 0 ? '−' : ''}${Math.abs(value)}°`;
  const tilted = first === 0 && second === 0 ? '' : `, tilted ${degrees(first)} and ${degrees(second)}`;
  return `${table}, ${size}, at ${depthMm.toFixed(1)} mm${tilted}`;
}

/** A row's value as it is read: "17 %", "−8.0 mm", "not known: …". */
export const deviceValueInWords = ({ value, unit, digits, uncertainty, withheld }: DeviceRow): string => {
  if (value === null) return withheld;
  const around = uncertainty === null ? '' : ` ± ${uncertainty.toFixed(digits)}`;
  return `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(digits)}${around} ${unit}`;
};
