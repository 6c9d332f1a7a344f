import type { Annotation, AnnotationKind } from '../contract/annotations.ts';
import { type Failure, failure } from '../failures/failure.ts';
import { fixedDecimals } from '../fixedDecimals.ts';
import { type Words, words } from '../words/words.ts';
import { angleDegrees, areaMm2, lengthMm } from './shapes.ts';

/** What the tools are called. */
export const KIND_WORDS: Readonly<Record<AnnotationKind, string>> = {
  ruler: 'Ruler',
  angle: 'Angle',
  ellipse: 'Ellipse',
  freehand: 'Free region',
  text: 'Text',
};

/** One number of an annotation. */
export interface AnnotationNumber {
  readonly key:
    | 'lengthMm'
    | 'angleDegrees'
    | 'meanHu'
    | 'deviationHu'
    | 'minimumHu'
    | 'maximumHu'
    | 'areaMm2';
  readonly label: string;
  /** Null where it is withheld. */
  readonly value: number | null;
  readonly unit: 'mm' | '°' | 'HU' | 'mm²';
  readonly digits: number;
}

/** The numbers of an annotation in the order in which they are read; none of a text. */
export function annotationNumbers({ shape, hu }: Pick<Annotation, 'shape' | 'hu'>): AnnotationNumber[] {
  switch (shape.kind) {
    case 'text':
      return [];
    case 'ruler':
      return [
        { key: 'lengthMm', label: 'Length', value: lengthMm(shape.pointsLpsMm), unit: 'mm', digits: 1 },
      ];
    case 'angle':
      return [
        { key: 'angleDegrees', label: 'Angle', value: angleDegrees(shape.pointsLpsMm), unit: '°', digits: 1 },
      ];
    case 'ellipse':
    case 'freehand': {
      const inHu = { unit: 'HU', digits: 0 } as const;
      return [
        { key: 'meanHu', label: 'Mean', value: hu?.meanHu ?? null, ...inHu },
        { key: 'deviationHu', label: 'Standard deviation', value: hu?.deviationHu ?? null, ...inHu },
        { key: 'minimumHu', label: 'Minimum', value: hu?.minimumHu ?? null, ...inHu },
        { key: 'maximumHu', label: 'Maximum', value: hu?.maximumHu ?? null, ...inHu },
        { key: 'areaMm2', label: 'Area', value: areaMm2(shape), unit: 'mm²', digits: 0 },
      ];
    }
  }
}

/** What must be known of the numbers: that a part of the area lies outside of the scan, or why there are none. */
export function annotationRemark({ hu, withheld }: Pick<Annotation, 'hu' | 'withheld'>): Failure | null {
  if (withheld) return withheld;
  if (!hu || hu.outsideShare === 0) return null;
  return failure('annotations.partly-outside', { percent: 100 * hu.outsideShare });
}

/** What the lines of an annotation need of a language; English as in files where nothing else is given. */
export interface AnnotationLanguage extends Pick<Words, 'sentence'> {
  decimals(value: number, digits: number): string;
  readonly annotationLines: {
    mean(meanHu: string, deviationHu: string): string;
    range(fromHu: string, toHu: string): string;
  };
}

const AS_IN_FILES: AnnotationLanguage = {
  decimals: fixedDecimals,
  sentence: words('en').sentence,
  annotationLines: {
    mean: (meanHu, deviationHu) => `Mean ${meanHu} ± ${deviationHu} HU`,
    range: (fromHu, toHu) => `${fromHu} to ${toHu} HU`,
  },
};

/** An annotation's value in lines as they stand beside it; of a text what it says. */
export function annotationLines(
  annotation: Pick<Annotation, 'shape' | 'hu' | 'withheld' | 'name'>,
  { decimals, sentence, annotationLines: lines }: AnnotationLanguage = AS_IN_FILES,
): string[] {
  const { shape, hu, name } = annotation;
  if (shape.kind === 'text') return [name];
  const known = new Map(annotationNumbers(annotation).map((one) => [one.key, one]));
  const text = (key: AnnotationNumber['key']): string => {
    const { value = null, digits = 0, unit = '' } = known.get(key) ?? {};
    return value === null ? '' : `${decimals(value, digits)}${unit === '°' ? '' : ' '}${unit}`;
  };
  if (shape.kind === 'ruler') return [text('lengthMm')];
  if (shape.kind === 'angle') return [text('angleDegrees')];
  const remark = annotationRemark(annotation);
  return [
    ...(hu
      ? [
          lines.mean(decimals(hu.meanHu, 0), decimals(hu.deviationHu, 0)),
          lines.range(decimals(hu.minimumHu, 0), decimals(hu.maximumHu, 0)),
        ]
      : []),
    text('areaMm2'),
    ...(remark ? [sentence(remark)] : []),
  ];
}

/** The same in one line, for lists. */
export const annotationValue = (
  annotation: Parameters<typeof annotationLines>[0],
  language: AnnotationLanguage = AS_IN_FILES,
): string => (annotation.shape.kind === 'text' ? '' : annotationLines(annotation, language).join(' · '));
