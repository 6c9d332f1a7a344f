import type { DeviceFit } from '../contract/planning.ts';

/**
 * What a device was sized by: "maximum diameter of the ostium, 21.3 mm". Where it could not be sized, the landing zone is
 * named too, which may be why: "maximum diameter of the ostium, with a landing zone at 6 mm".
 */
export function sizedByInWords({ sizedBy, measuredMm, landingZoneMm }: DeviceFit): string {
  const zone = `landing zone at ${landingZoneMm} mm`;
  const isOfOstium = sizedBy.section === 'ostium';
  const diameter = `${sizedBy.diameter} diameter of the ${isOfOstium ? 'ostium' : zone}`;
  if (measuredMm !== null) return `${diameter}, ${measuredMm.toFixed(1)} mm`;
  return isOfOstium ? `${diameter}, with a ${zone}` : diameter;
}
