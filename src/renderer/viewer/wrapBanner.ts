const SEPARATOR = ' · ';

/** A banner's parts ("name · date · description") on lines that fit, broken between parts only. */
export function wrapBanner(banner: string, fits: (text: string) => boolean): string[] {
  const lines: string[] = [];
  for (const part of banner.split(SEPARATOR)) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last}${SEPARATOR}${part}`;
    if (last === undefined || !fits(joined)) lines.push(part);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}
