/** What is aimed at: at most so many times the peer's time in the same run. */
export interface Aim {
  readonly peer: string;
  readonly times: number;
}

export const AIMS = {
  native: { peer: 'dcm2niix', times: 1 },
  compressed: { peer: 'GDCM', times: 1.5 },
} as const satisfies Readonly<Record<string, Aim>>;

export const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

/**
 * One line: whether an aim was held by the medians and by the least times of runs that took turns. Least times are those
 * of a machine that did nothing else; where the two disagree, the run says little.
 */
export function verdict(
  what: string,
  ownMs: readonly number[],
  peerMs: readonly number[],
  { peer, times }: Aim,
): string {
  const medians = median(ownMs) / median(peerMs);
  const least = Math.min(...ownMs) / Math.min(...peerMs);
  const [byMedians, byLeast] = [medians <= times, least <= times];
  const held =
    byMedians && byLeast
      ? 'HELD'
      : byMedians
        ? 'HELD BY MEDIANS ALONE'
        : byLeast
          ? 'HELD BY LEAST TIMES ALONE'
          : 'NOT HELD';
  return `${held}: ${what}: ${medians.toFixed(2)} × ${peer} by medians, ${least.toFixed(2)} × by least times; aim ${times} ×`;
}
