import { LANDING_DISTANCES_MM } from '#shared/anatomy/landingZone.ts';
import type { LumenSection, SegmentationReport } from '#shared/contract/report.ts';
import { words } from '#shared/words/words.ts';
import type { PreviewTexts } from '../preview/previewImage.ts';

/** What the picture of a result says: the numbers, warnings, models and engine. */
export const previewTexts = (report: SegmentationReport): PreviewTexts => ({
  title: report.source.seriesDescription || 'Series without a description',
  subtitle: [...report.models.map(({ id }) => id), report.engine.id].join(', '),
  numbers: keyNumbers(report),
  warnings: report.warnings.map(words().sentence),
});

type KeyedReport = Pick<
  SegmentationReport,
  'volumeMl' | 'depthMm' | 'surfaceAreaMm2' | 'ostium' | 'landingZones' | 'contrast' | 'filling'
>;

/** The numbers that a reader looks for first. One that is withheld stays in its place and says so; a warning gives the reason. */
export function keyNumbers({
  volumeMl,
  depthMm,
  surfaceAreaMm2,
  ostium,
  landingZones,
  contrast,
  filling,
}: KeyedReport): { label: string; value: string }[] {
  const row = (label: string, value: string | null) => ({ label, value: value ?? 'withheld' });
  const zoneAt = (distanceMm: number) => landingZones.find((zone) => zone.distanceMm === distanceMm);
  return [
    row('Volume', inUnit(volumeMl, 'mL')),
    row('Depth', inUnit(depthMm, 'mm')),
    row('Wall area', inUnit(surfaceAreaMm2 === null ? null : surfaceAreaMm2 / 100, 'cm²')),
    row('Ostium, maximum × minimum', diameters(ostium)),
    row('Ostium area', inUnit(ostium?.areaMm2, 'mm²', 0)),
    row('Ostium perimeter', inUnit(ostium?.perimeterMm, 'mm')),
    row('Area-derived diameter', inUnit(ostium?.areaDerivedDiameterMm, 'mm')),
    row('Perimeter-derived diameter', inUnit(ostium?.perimeterDerivedDiameterMm, 'mm')),
    ...LANDING_DISTANCES_MM.map((distanceMm) =>
      row(`Landing zone at ${distanceMm} mm`, diameters(zoneAt(distanceMm))),
    ),
    ...[
      { label: 'Contrast, appendage', value: inUnit(contrast.appendageHu, 'HU', 0) },
      { label: 'Contrast, atrium', value: inUnit(contrast.atriumHu, 'HU', 0) },
      { label: 'Unfilled part, volume', value: inUnit(filling?.unfilledMl, 'mL') },
      { label: 'Unfilled part, contrast', value: inUnit(filling?.unfilledHu, 'HU', 0) },
    ].flatMap(({ label, value }) => (value === null ? [] : [{ label, value }])),
  ];
}

const inUnit = (value: number | null | undefined, unit: string, digits = 1): string | null =>
  value === null || value === undefined ? null : `${value.toFixed(digits)} ${unit}`;

const diameters = (section: LumenSection | null | undefined): string | null =>
  section ? `${section.maxDiameterMm.toFixed(1)} × ${section.minDiameterMm.toFixed(1)} mm` : null;
