import type { Annotation, AnnotationShape } from '../contract/annotations.ts';
import type { OstiumPlane } from '../contract/values.ts';
import { failure } from '../failures/failure.ts';
import type { VolumeHu } from '../volume/volume.ts';
import { measureHu } from './huStatistics.ts';

/** The attenuation within a shape, where it has an area; `volume` is null where no scan is open. */
export function measureAnnotation(
  shape: AnnotationShape,
  plane: OstiumPlane,
  volume: VolumeHu | null,
): Pick<Annotation, 'hu' | 'withheld'> {
  if (shape.kind !== 'ellipse' && shape.kind !== 'freehand') return { hu: null, withheld: null };
  if (!volume) return { hu: null, withheld: failure('annotations.outside') };
  return measureHu(shape, plane, volume);
}
