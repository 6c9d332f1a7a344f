import type { DeviceFit, DevicePlan } from '#shared/contract/planning.ts';
import type { VirtualDevice } from '#shared/contract/virtualDevice.ts';
import {
  deviceRows,
  deviceValueInWords,
  ostiumDistanceRows,
  poseInWords,
} from '#shared/planning/deviceInWords.ts';
import { sizedByInWords } from '#shared/planning/fitInWords.ts';
import { words } from '#shared/words/words.ts';

/** What a terminal shows of the devices that fit: a line for each size, or why a device has none. */
export function deviceLines(devices: readonly DeviceFit[]): string[] {
  return devices.flatMap((device) => {
    const { name, candidates, withheld } = device;
    const label = (text: string): string => `Device             ${name}${text}`;
    if (withheld) return [label(`: none; ${words('en').clause(withheld)}`)];
    return candidates.map(({ label: size, compressionPercent, depthNeededMm, landingZoneDoubt }) => {
      const depth = depthNeededMm === null ? '' : `, needs ${depthNeededMm.toFixed(1)} mm of depth`;
      return label(
        ` ${size}: ${sizedByInWords(device)}, ${compressionPercent.toFixed(0)} % compression${depth}; research display only${landingZoneDoubt ? `. ${words('en').sentence(landingZoneDoubt)}` : ''}`,
      );
    });
  });
}

/** From the ostium's rim to what surrounds it: a line each. */
export const ostiumDistanceLines = ({ ostiumDistances }: Pick<DevicePlan, 'ostiumDistances'>): string[] =>
  ostiumDistanceRows(ostiumDistances).map(
    (row) => `Surroundings       ${row.label}: ${deviceValueInWords(row)}`,
  );

/** The same of a device that was placed: a line for each number, and what to know of it. */
export function virtualDeviceLines(device: VirtualDevice): string[] {
  const { sentence } = words('en');
  return [
    `Device             ${poseInWords(device)}; research display only`,
    `Shape              ${device.shapeKind}: ${device.shapeSource}`,
    ...deviceRows(device).map((row) => `${row.label.padEnd(44)} ${deviceValueInWords(row)}`),
    ...device.warnings.map((warning) => `Warning            ${sentence(warning)}`),
  ];
}
