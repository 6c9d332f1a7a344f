/** A network's confidence, 0 to 1, as it is told: no network is certain, so 100 % is never said. */
export function confidenceInWords(confidence: number): string {
  const percent = Math.round(100 * confidence);
  return percent > 99 ? 'over 99 %' : `${percent} %`;
}
