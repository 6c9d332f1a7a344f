import type { DeviceFit } from '../contract/planning.ts';

/** What a device was sized by: "maximum diameter of the ostium, 21.3 mm". */
export function sizedByInWords({ sizedBy, measuredMm, landingZoneMm }: DeviceFit): string {
  const where = sizedBy.section === 'ostium' ? 'ostium' : `landing zone at ${landingZoneMm} mm`;
  const size = measuredMm === null ? '' : `, ${measuredMm.toFixed(1)} mm`;
  return `${sizedBy.diameter} diameter of the ${where}${size}`;
}
