/** Published appendages: 7.4 ± 3.0 to 8.5 ± 4.8 mL; ostium 389 ± 138 to 428 ± 159 mm² (docs/clinical.md). */
const PLAUSIBLE_VOLUME_ML = [1.5, 25] as const;
const PLAUSIBLE_OSTIUM_MM2 = [100, 1000] as const;

/** A sentence for each size that appendages rarely have; null sizes are not judged. */
export function sizeWarnings(volumeMl: number | null, ostiumAreaMm2: number | null): string[] {
  const warnings: string[] = [];
  if (volumeMl !== null && (volumeMl < PLAUSIBLE_VOLUME_ML[0] || volumeMl > PLAUSIBLE_VOLUME_ML[1])) {
    warnings.push(`A volume of ${volumeMl.toFixed(1)} mL is unusual for an appendage; check the surface.`);
  }
  if (
    ostiumAreaMm2 !== null &&
    (ostiumAreaMm2 < PLAUSIBLE_OSTIUM_MM2[0] || ostiumAreaMm2 > PLAUSIBLE_OSTIUM_MM2[1])
  ) {
    warnings.push(`An ostium of ${ostiumAreaMm2.toFixed(0)} mm² is unusual; check its plane.`);
  }
  return warnings;
}
