import { type Failure, failure } from '#shared/failures/failure.ts';

/** Published appendages: 7.4 ± 3.0 to 8.5 ± 4.8 mL; ostium 389 ± 138 to 428 ± 159 mm² (docs/clinical.md). */
const PLAUSIBLE_VOLUME_ML = [1.5, 25] as const;
const PLAUSIBLE_OSTIUM_MM2 = [100, 1000] as const;

/** A warning for each size that appendages rarely have; null sizes are not judged. */
export function sizeWarnings(volumeMl: number | null, ostiumAreaMm2: number | null): Failure[] {
  const warnings: Failure[] = [];
  if (volumeMl !== null && (volumeMl < PLAUSIBLE_VOLUME_ML[0] || volumeMl > PLAUSIBLE_VOLUME_ML[1])) {
    warnings.push(failure('meshing.volume-unusual', { volumeMl }));
  }
  if (
    ostiumAreaMm2 !== null &&
    (ostiumAreaMm2 < PLAUSIBLE_OSTIUM_MM2[0] || ostiumAreaMm2 > PLAUSIBLE_OSTIUM_MM2[1])
  ) {
    warnings.push(failure('meshing.ostium-unusual', { areaMm2: ostiumAreaMm2 }));
  }
  return warnings;
}
