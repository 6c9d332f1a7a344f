import type { HeatmapPeak } from '../../src/main/nudf/region/heatmap.ts';

/** What came of one scan. */
export interface UnfitRow {
  readonly kind: string;
  /** The phantom's seed, or `ct`. */
  readonly base: string;
  readonly outcome: 'refused' | 'no numbers' | 'no volume, no depth' | 'given';
  readonly reason: string;
  readonly confidence: number | null;
  /** With the phantom's own appendage, where the scan shows it. */
  readonly dice?: number;
  readonly evidence?: {
    readonly marked: HeatmapPeak | null;
    readonly disagreementMm: number;
    readonly volumeMl: number;
  };
}

/** From this Dice on a result is right. */
export const RIGHT_DICE = 0.8;
export const isRight = ({ dice }: Pick<UnfitRow, 'dice'>): boolean =>
  dice !== undefined && dice >= RIGHT_DICE;

const CONFIDENCES = [0, 0.1, 0.5, 0.8, 0.9, 0.95, 0.98, 1.001];

/** Prints what came of each kind of scan, and how often results of each confidence are right. */
export function printOutcomes(rows: readonly UnfitRow[]): void {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  console.log('\n| scan | number | refused | no numbers | no volume, no depth | all given | reasons |');
  console.log('|---|---|---|---|---|---|---|');
  for (const kind of kinds) {
    const of = rows.filter((row) => row.kind === kind);
    const count = (outcome: UnfitRow['outcome']): number =>
      of.filter((row) => row.outcome === outcome).length;
    const reasons = new Map<string, number>();
    for (const { reason } of of) if (reason !== '') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    const inWords = [...reasons]
      .sort((a, b) => b[1] - a[1])
      .map(([reason, number]) => `${reason} ${number}`)
      .join(', ');
    const outcomes = (['refused', 'no numbers', 'no volume, no depth', 'given'] as const).map(count);
    console.log(`| ${[kind, of.length, ...outcomes, inWords].join(' | ')} |`);
  }
  console.log('\n| confidence | results | right | mean confidence |');
  console.log('|---|---|---|---|');
  const judged = rows.filter(
    (row) => row.confidence !== null && !/cut off|ends at|8 bit|8 mm/.test(row.kind),
  );
  CONFIDENCES.slice(1).forEach((to, index) => {
    const from = CONFIDENCES[index]!;
    const of = judged.filter(({ confidence }) => confidence! >= from && confidence! < to);
    if (of.length === 0) return;
    const mean = of.reduce((sum, { confidence }) => sum + confidence!, 0) / of.length;
    const right = of.filter(isRight).length / of.length;
    console.log(
      `| ${from} to ${Math.min(1, to)} | ${of.length} | ${right.toFixed(2)} | ${mean.toFixed(2)} |`,
    );
  });
}
