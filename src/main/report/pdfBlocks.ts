import pdfmake from 'pdfmake';
import type {
  Column,
  Content,
  ContentText,
  Style,
  TableCell,
  TDocumentDefinitions,
} from 'pdfmake/interfaces.js';
import type { Letterhead } from './letterhead.ts';
import { FONT_NAMES, fontFile, textRuns } from './printableText.ts';
import type { Fact } from './reportInput.ts';

/** Points. */
export const PAGE = { width: 595.28, height: 841.89 };
export const MARGIN = 44;
export const HEAD = 34;
export const FOOT = 30;
export const CONTENT_WIDTH = PAGE.width - 2 * MARGIN;
export const PICTURE_GAP = 12;
export const PLOT_WIDTH = (CONTENT_WIDTH - PICTURE_GAP) / 2;

export const INK = '#1c2530';
export const QUIET = '#52606f';
export const ALERT = '#7a1f12';
export const RULE = '#d9dee3';
/** Small and grey: captions, definitions, notes. */
export const NOTE: Style = { fontSize: 8.5, color: QUIET };

/** A text, each part of it in a font that has it. */
export const words = (text: string, style: Style = {}): ContentText => ({
  text: textRuns(text),
  ...style,
});

/** The hospital's logo and name beside each other; nothing where there is neither. */
export function letterheadRow({ name, logo }: Letterhead): Content[] {
  if (name === '' && logo === null) return [];
  const picture: Column[] = logo === null ? [] : [{ image: logo, fit: [110, 26], width: 110 }];
  const shownName: Column = {
    ...words(name, { fontSize: 11, bold: true }),
    width: '*',
    margin: [0, 5, 0, 0],
  };
  return [{ columns: [...picture, shownName], columnGap: 12, margin: [0, 0, 0, 8] }];
}

export const heading = (text: string): Content => ({
  ...words(text.toUpperCase(), { fontSize: 8.5, bold: true, color: QUIET }),
  headlineLevel: 1,
  margin: [0, 14, 0, 5],
});

export const bullets = (texts: readonly string[], color = INK): Content => ({
  ul: texts.map((text) => ({ ...words(text, { color }), margin: [0, 0, 0, 3] })),
  markerColor: INK,
});

/** Facts three beside each other, each label above its value. */
export function factGrid(rows: readonly Fact[]): Content[] {
  return Array.from({ length: Math.ceil(rows.length / 3) }, (_, line) => ({
    columns: rows.slice(3 * line, 3 * line + 3).map(([label, value]) => ({
      width: (CONTENT_WIDTH - 20) / 3,
      stack: [words(label, { fontSize: 8, color: QUIET }), words(value)],
    })),
    columnGap: 10,
    margin: [0, 0, 0, 5],
  }));
}

export interface TableLine {
  readonly label: string;
  readonly shown: string;
  readonly isWithheld: boolean;
  readonly definition: string;
}

/** Labels, values and definitions beside each other. */
export function valueTable(title: string, lines: readonly TableLine[]): Content[] {
  const rows = lines.map(({ label, shown, isWithheld, definition }): TableCell[] => [
    words(label),
    words(shown, { alignment: 'right', ...(isWithheld ? { color: ALERT } : { bold: true }) }),
    words(definition, NOTE),
  ]);
  return [
    heading(title),
    {
      table: { widths: [150, 68, '*'], body: rows, dontBreakRows: true },
      layout: {
        hLineWidth: (index) => (index === 0 ? 0 : 0.5),
        vLineWidth: () => 0,
        hLineColor: RULE,
        paddingLeft: (index) => (index === 0 ? 0 : 10),
        paddingRight: () => 0,
        paddingTop: () => 2.5,
        paddingBottom: () => 2.5,
      },
    },
  ];
}

/** The bytes of a document, set in the bundled fonts. */
export async function renderedPdf(document: TDocumentDefinitions): Promise<Uint8Array> {
  pdfmake.setFonts(
    Object.fromEntries(
      FONT_NAMES.map((name) => [
        name,
        { normal: fontFile(name), bold: fontFile(name, name === 'NotoSans' ? 'Bold' : 'Regular') },
      ]),
    ),
  );
  // A report reads its fonts and nothing else.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => FONT_NAMES.some((name) => path.includes(`${name}-`)));
  return new Uint8Array(await pdfmake.createPdf(document).getBuffer());
}
