/*
 * What files say of themselves may hold control characters, which would move a terminal's cursor, change its colours or
 * look like further lines.
 */

/** Text of one line. */
export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');

/** Text of several lines. */
export const severalLines = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]+/gu, ' ');
