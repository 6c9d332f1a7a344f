import { type Color, type PDFDocument, type PDFFont, type PDFImage, type PDFPage, rgb } from 'pdf-lib';
import { plainText, UNKNOWN_CHARACTER } from './plainText.ts';

/** A4 in points. */
const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = 44;
/** Head and foot of each page. */
const HEAD = 34;
const FOOT = 30;
const LINE = 1.35;
/** A row with more lines than this is broken; less than a page holds. */
const MOST_LINES = 40;

export const CONTENT_WIDTH = PAGE.width - 2 * MARGIN;

export const INK = rgb(0.11, 0.145, 0.19);
export const QUIET = rgb(0.32, 0.376, 0.435);
export const ALERT = rgb(0.478, 0.122, 0.07);
const RULE = rgb(0.85, 0.87, 0.89);

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly colour?: Color;
}

/** One cell of a row: text wrapped within its width. */
export interface Cell extends TextStyle {
  readonly text: string;
  /** Points from the left margin. */
  readonly x: number;
  readonly width: number;
  readonly alignRight?: boolean;
}

/** A pen that goes down the pages and starts a new one where the next thing does not fit. */
export interface PdfPages {
  paragraph(text: string, style?: TextStyle): void;
  /** Cells side by side, kept on one page (unless longer than one), a thin line below where asked for. */
  row(cells: readonly Cell[], ruled?: boolean): void;
  /** A heading that stays with what follows it, `keepWith` points of it. */
  heading(text: string, keepWith?: number): void;
  /** A framed line across the page. */
  banner(text: string): void;
  /** Pictures side by side, captions below, none split. */
  pictures(pictures: readonly { readonly image: PDFImage; readonly caption: string }[]): void;
  gap(points: number): void;
  /** Writes head and foot on every page; nothing may follow. */
  finish(head: string, foot: string): void;
  /** Whether a character had to be replaced by "?". */
  readonly hasUnknown: boolean;
}

export interface Fonts {
  readonly regular: PDFFont;
  readonly bold: PDFFont;
}

export function createPdfPages(document: PDFDocument, fonts: Fonts): PdfPages {
  const known = new Set(fonts.regular.getCharacterSet());
  const has = (codePoint: number): boolean => known.has(codePoint);
  const pages: PDFPage[] = [];
  let page: PDFPage;
  let y = 0;
  let hasUnknown = false;

  const newPage = (): void => {
    page = document.addPage([PAGE.width, PAGE.height]);
    pages.push(page);
    y = PAGE.height - MARGIN - HEAD;
  };
  const need = (height: number): void => {
    if (y - height < MARGIN + FOOT) newPage();
  };
  const fontOf = ({ bold }: TextStyle): PDFFont => (bold ? fonts.bold : fonts.regular);
  const plain = (text: string): string => {
    const result = plainText(text, has);
    if (count(result) > count(text)) hasUnknown = true;
    return result;
  };
  const count = (text: string): number => text.split(UNKNOWN_CHARACTER).length;
  const wrapped = (text: string, width: number, style: TextStyle): string[] =>
    wrap(plain(text), width, (part) => fontOf(style).widthOfTextAtSize(part, style.size ?? 9.5));
  const draw = (line: string, x: number, baseline: number, style: TextStyle, on = page): void => {
    const { size = 9.5, colour = INK } = style;
    on.drawText(line, { x, y: baseline, size, font: fontOf(style), color: colour });
  };
  const rule = (at: number): void =>
    page.drawLine({
      start: { x: MARGIN, y: at },
      end: { x: MARGIN + CONTENT_WIDTH, y: at },
      thickness: 0.5,
      color: RULE,
    });

  const drawRow = (cells: readonly Cell[], lines: readonly (readonly string[])[]): void => {
    const height = Math.max(...cells.map((cell, index) => lines[index]!.length * (cell.size ?? 9.5) * LINE));
    need(height + 6);
    const firstBaseline = y - 2 - Math.max(...cells.map((cell) => cell.size ?? 9.5));
    cells.forEach((cell, index) => {
      const size = cell.size ?? 9.5;
      lines[index]!.forEach((line, number) => {
        const width = fontOf(cell).widthOfTextAtSize(line, size);
        const x = MARGIN + cell.x + (cell.alignRight ? cell.width - width : 0);
        draw(line, x, firstBaseline - number * size * LINE, cell);
      });
    });
    y -= height + 6;
  };

  newPage();
  return {
    get hasUnknown() {
      return hasUnknown;
    },
    gap: (points) => {
      y -= points;
    },
    paragraph(text, style = {}) {
      const size = style.size ?? 9.5;
      for (const line of wrapped(text, CONTENT_WIDTH, style)) {
        need(size * LINE);
        draw(line, MARGIN, y - size, style);
        y -= size * LINE;
      }
    },
    row(cells, ruled = false) {
      const lines = cells.map((cell) => wrapped(cell.text, cell.width, cell));
      const longest = Math.max(...lines.map((each) => each.length));
      for (let from = 0; from < longest; from += MOST_LINES) {
        drawRow(
          cells,
          lines.map((each) => each.slice(from, from + MOST_LINES)),
        );
      }
      if (ruled) rule(y + 1.5);
    },
    heading(text, keepWith = 40) {
      need(34 + keepWith);
      y -= 16;
      draw(plain(text).toUpperCase(), MARGIN, y - 8.5, { size: 8.5, bold: true, colour: QUIET });
      y -= 18;
    },
    banner(text) {
      const style = { size: 10.5, bold: true, colour: ALERT };
      need(28);
      const line = plain(text);
      const width = fonts.bold.widthOfTextAtSize(line, style.size);
      page.drawRectangle({
        x: MARGIN,
        y: y - 24,
        width: CONTENT_WIDTH,
        height: 24,
        borderColor: ALERT,
        borderWidth: 1,
      });
      draw(line, MARGIN + (CONTENT_WIDTH - width) / 2, y - 15.5, style);
      y -= 32;
    },
    pictures(pictures) {
      const between = 12;
      const columns = pictures.length === 1 ? 1 : 2;
      const columnWidth = (CONTENT_WIDTH - between * (columns - 1)) / columns;
      const tallest = PAGE.height - 2 * MARGIN - HEAD - FOOT - 40;
      for (let start = 0; start < pictures.length; start += columns) {
        const placed = pictures.slice(start, start + columns).map(({ image, caption }) => {
          const factor = Math.min(columnWidth / image.width, tallest / image.height);
          const captions = wrapped(caption, columnWidth, { size: 8.5 });
          return { image, captions, width: factor * image.width, height: factor * image.height };
        });
        const height = Math.max(
          ...placed.map((item) => item.height + item.captions.length * 8.5 * LINE + 14),
        );
        need(height);
        placed.forEach((item, column) => {
          const x = MARGIN + column * (columnWidth + between);
          page.drawImage(item.image, { x, y: y - item.height, width: item.width, height: item.height });
          item.captions.forEach((line, number) => {
            const baseline = y - item.height - 11 - number * 8.5 * LINE;
            draw(line, x, baseline, { size: 8.5, colour: QUIET });
          });
        });
        y -= height;
      }
    },
    finish(head, foot) {
      const style = { size: 8, colour: QUIET };
      pages.forEach((each, index) => {
        const number = `${index + 1} / ${pages.length}`;
        const right = PAGE.width - MARGIN - fonts.regular.widthOfTextAtSize(number, 8);
        const top = PAGE.height - MARGIN - 8;
        draw(
          cut(plain(head), CONTENT_WIDTH, (part) => fonts.regular.widthOfTextAtSize(part, 8)),
          MARGIN,
          top,
          style,
          each,
        );
        draw(plain(foot), MARGIN, MARGIN, { ...style, bold: true, colour: ALERT }, each);
        draw(number, right, MARGIN, style, each);
      });
    },
  };
}

/** Breaks a text into lines; a word longer than a line is broken where it must be. */
function wrap(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > 1 && widthOf(line) > width) {
      const fits = Math.max(1, fittingLength(line, width, widthOf));
      lines.push(line.slice(0, fits));
      line = line.slice(fits);
    }
  }
  lines.push(line);
  return lines;
}

/** The text, or as much of it as fits on one line, with an ellipsis. */
function cut(text: string, width: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= width) return text;
  const ellipsis = '...';
  return `${text.slice(0, fittingLength(text, width - widthOf(ellipsis), widthOf))}${ellipsis}`;
}

/** No line holds more characters than this. */
const MOST_CHARACTERS = 512;

/** How many of a text's first characters fit in a width. */
function fittingLength(text: string, width: number, widthOf: (text: string) => number): number {
  let [fits, tooLong] = [0, Math.min(text.length, MOST_CHARACTERS) + 1];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (widthOf(text.slice(0, middle)) <= width) fits = middle;
    else tooLong = middle;
  }
  return fits;
}
