import { plainText } from './plainText.ts';

/** Rows as CSV (RFC 4180: commas, CRLF), ASCII only, because spreadsheets guess encodings. */
export function csvOf(rows: readonly (readonly string[])[]): Uint8Array {
  const text = rows
    .map((cells) => cells.map((value) => cell(plainText(value, isAscii))).join(','))
    .join('\r\n');
  return new TextEncoder().encode(`${text}\r\n`);
}

const isAscii = (codePoint: number): boolean => codePoint >= 0x20 && codePoint < 0x7f;

/** Puts a quote before text that a spreadsheet would read as a formula; a number keeps its sign. */
function cell(value: string): string {
  const harmless = /^[=+\-@]/.test(value) && !Number.isFinite(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
