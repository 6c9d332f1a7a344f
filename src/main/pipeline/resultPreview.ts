import type { LumenSection, SegmentationReport } from '#shared/contract/report.ts';
import { words } from '#shared/words/words.ts';
import { renderPreview } from '../preview/previewImage.ts';
import type { SegmentedStudy } from './segmentStudy.ts';

/** The picture of a result, PNG: planes with the contour, the lumen in 3D, the numbers, warnings, models and engine. */
export function resultPreview({ volume, segmentation, report }: SegmentedStudy): Uint8Array {
  const { closed, ostium } = segmentation.appendage;
  return renderPreview({
    volume,
    closed,
    wall: ostium.found ? ostium.wall : undefined,
    ostium: ostium.found ? { rimLpsMm: ostium.rimLpsMm, normal: ostium.planeNormal } : undefined,
    title: report.source.seriesDescription || 'Series without a description',
    subtitle: [...report.models.map(({ id }) => id), report.engine.id].join(', '),
    numbers: keyNumbers(report),
    warnings: report.warnings.map(words().sentence),
  });
}

/** The numbers that a reader looks for first; what is withheld is left out, and a warning gives the reason. */
export function keyNumbers({
  volumeMl,
  depthMm,
  surfaceAreaMm2,
  ostium,
  landingZones,
  contrast,
}: SegmentationReport): { label: string; value: string }[] {
  const numbers: { label: string; value: string }[] = [];
  const add = (label: string, value: number | null | undefined, unit: string, digits = 1): void => {
    if (value !== null && value !== undefined) {
      numbers.push({ label, value: `${value.toFixed(digits)} ${unit}` });
    }
  };
  add('Volume', volumeMl, 'mL');
  add('Depth', depthMm, 'mm');
  add('Wall area', surfaceAreaMm2 === null ? null : surfaceAreaMm2 / 100, 'cm²');
  const addSize = (label: string, { maxDiameterMm, minDiameterMm }: LumenSection): void => {
    numbers.push({ label, value: `${maxDiameterMm.toFixed(1)} × ${minDiameterMm.toFixed(1)} mm` });
  };
  if (ostium) addSize('Ostium, maximum × minimum', ostium);
  add('Ostium area', ostium?.areaMm2, 'mm²', 0);
  add('Ostium perimeter', ostium?.perimeterMm, 'mm');
  add('Area-derived diameter', ostium?.areaDerivedDiameterMm, 'mm');
  add('Perimeter-derived diameter', ostium?.perimeterDerivedDiameterMm, 'mm');
  for (const zone of landingZones) addSize(`Landing zone at ${zone.distanceMm} mm`, zone);
  add('Contrast, appendage', contrast.appendageHu, 'HU', 0);
  add('Contrast, atrium', contrast.atriumHu, 'HU', 0);
  return numbers;
}
