import type { ImageSeries } from './imageSeries.ts';

/** What the texts of a series suggest; suggestions, not facts. */
export interface SeriesHints {
  readonly contrast: 'arterial' | 'late' | 'none' | 'given' | 'unknown';
  readonly cardiac: boolean;
  readonly kernel: 'soft' | 'sharp' | 'unknown';
  /** Not the acquired slices but made from them: projections, thick slabs, reformats. */
  readonly derived: boolean;
  /** Heart phase in % of the RR interval. */
  readonly phasePercent: number | undefined;
}

const NO_CONTRAST =
  /\b(without|w\/o|wo|non?)[ _-]*(iv[ _-]*)?(contrast|contr|km|cm)\b|nativ|unenhanced|non-?contrast|\bnect\b|ca(lcium)?[ _-]*sc|smart ?score/i;
const LATE = /venous|venös|portal|delay|late\b|spät|nephro/i;
const ARTERIAL = /arteri|\bcta\b|angio|\bcct|coronar|koronar/i;
const CARDIAC =
  /card|kard|heart|herz|coeur|coraz|coron|koron|\blaa\b|append|tav[ir]|atri|pulm.*vein|\bpvi\b|\bcct|ecg|ekg|gated/i;
const SHARP =
  /lung|bone|edge|sharp|detail|ultra|\bb[r]?(5\d|6\d|7\d|80)|\bbl\d|\bi(6|7|8)\d|\byc|\byd|fc5\d|fc8\d/i;
const SOFT = /soft|stand|smooth|std|\b[bi][rvf]?(2\d|3\d|4[0-4])|\bhv?\d|\bbv|fc0\d|fc1\d|\bxc|^[abc]$/i;
const DERIVED = /\bmip\b|\bmpr\b|\bminip\b|\bvrt?\b|thick|curved|reformat|subtract/i;

/** Reads the hints in the descriptions, kernel and image type of a series' first slice. */
export function seriesHints(series: ImageSeries): SeriesHints {
  const { labels, acquisition } = series.slices[0]!.header;
  const words = [
    series.description,
    labels.seriesDescription,
    labels.protocolName,
    labels.studyDescription,
    labels.bodyPart,
  ].join(' | ');
  const fromText = /(\d{1,2}(?:\.\d+)?) ?%/.exec(words)?.[1];
  return {
    contrast: contrastOf(words, labels.contrastAgent),
    cardiac: CARDIAC.test(words),
    kernel: SHARP.test(labels.convolutionKernel)
      ? 'sharp'
      : SOFT.test(labels.convolutionKernel)
        ? 'soft'
        : 'unknown',
    derived:
      DERIVED.test(words) || labels.imageType[0] === 'DERIVED' || labels.imageType.includes('SECONDARY'),
    phasePercent: acquisition.cardiacPhasePercent ?? (fromText === undefined ? undefined : Number(fromText)),
  };
}

function contrastOf(words: string, contrastAgent: string): SeriesHints['contrast'] {
  if (NO_CONTRAST.test(words)) return 'none';
  if (LATE.test(words)) return 'late';
  if (ARTERIAL.test(words)) return 'arterial';
  return contrastAgent !== '' || /contrast|\bkm\b|c\+/i.test(words) ? 'given' : 'unknown';
}
