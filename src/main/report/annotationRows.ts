import {
  type AnnotationNumber,
  annotationNumbers,
  annotationRemark,
  KIND_WORDS,
} from '#shared/annotations/annotationInWords.ts';
import type { Annotation } from '#shared/contract/annotations.ts';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import { words } from '#shared/words/words.ts';
import { placeInWords, samplingInWords } from './placeInWords.ts';

/** A line about something that a reader drew: one of its numbers, or a text. */
export interface AnnotationRow {
  /** Stable within a report, for programs that read the CSV. */
  readonly key: string;
  readonly label: string;
  /** As a reader sees it. */
  readonly shown: string;
  readonly isWithheld: boolean;
  /** For files: a number, or a text; null where it is withheld. */
  readonly value: number | string | null;
  readonly unit: string;
  readonly definition: string;
}

/** What a reader drew in the planes, in order. */
export const annotationRows = (annotations: readonly Annotation[]): AnnotationRow[] =>
  annotations.flatMap((annotation) => {
    const { number, name, shape } = annotation;
    if (shape.kind !== 'text') return annotationNumbers(annotation).map((one) => numberRow(annotation, one));
    const place = `Text with an arrow; ${placeInWords(annotation)}`;
    const row = { key: `drawn${number}.text`, label: 'Text', shown: name, value: name, unit: '' };
    return [{ ...row, isWithheld: false, definition: place }];
  });

function numberRow(annotation: Annotation, one: AnnotationNumber): AnnotationRow {
  const { number, name, shape, hu, withheld } = annotation;
  const { key, label, value, unit, digits } = one;
  const isOfAttenuation = unit === 'HU';
  const remark = isOfAttenuation ? annotationRemark(annotation) : null;
  const kind = KIND_WORDS[shape.kind];
  const reason = withheld ? `: ${words().clause(withheld)}` : '';
  const gap = unit === '°' ? '' : ' ';
  return {
    key: `drawn${number}.${key}`,
    label: `${name}, ${label.toLowerCase()}`,
    shown: value === null ? `withheld${reason}` : `${fixedDecimals(value, digits)}${gap}${unit}`,
    isWithheld: value === null,
    value,
    unit,
    definition: [
      `${kind}; ${placeInWords(annotation)}`,
      ...(isOfAttenuation && hu ? [samplingInWords(hu)] : []),
      ...(remark ? [words().sentence(remark)] : []),
    ].join('; '),
  };
}

/** The same for JSON: shapes in LPS mm, numbers by their names, what must be known of them in words. */
export const annotationsJson = (annotations: readonly Annotation[]): readonly object[] =>
  annotations.map((annotation) => {
    const { number, name, plane, shape, hu } = annotation;
    const remark = annotationRemark(annotation);
    return {
      number,
      name,
      plane,
      shape,
      ...Object.fromEntries(annotationNumbers(annotation).map(({ key, value }) => [key, value])),
      ...(hu ? { samples: hu.samples, sampling: hu.sampling, outsideShare: hu.outsideShare } : {}),
      remark: remark && words('en').sentence(remark),
    };
  });
