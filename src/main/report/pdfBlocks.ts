import pdfmake from 'pdfmake';
import type {
  Column,
  Content,
  ContentText,
  Style,
  TableCell,
  TDocumentDefinitions,
} from 'pdfmake/interfaces.js';
import { pictureSize } from '#shared/contract/letterhead.ts';
import type { Letterhead } from './letterhead.ts';
import { brokenToFit, FONT_NAMES, fontFile, textRuns } from './printableText.ts';
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

/** Of the letters, in points, where nothing else is said. */
export const TYPE = 9.5;

/** A text, each part of it in a font that has it, and no word wider than its column. */
export const words = (text: string, style: Style = {}, width = CONTENT_WIDTH): ContentText => ({
  text: textRuns(brokenToFit(text, width, style.fontSize ?? TYPE)),
  ...style,
});

/** Points: the room of the hospital's logo. */
const LOGO = { width: 110, height: 26 };
const LETTERHEAD_GAP = 12;

/** A logo as large as its room lets it be, as wide and high as its picture is. */
function logoSize(logo: string): readonly [width: number, height: number] {
  const bytes = new Uint8Array(Buffer.from(logo.slice(logo.indexOf(',') + 1), 'base64'));
  const [width, height] = pictureSize(bytes) ?? [LOGO.width, LOGO.height];
  const scale = Math.min(LOGO.width / width, LOGO.height / height);
  return [scale * width, scale * height];
}

/** The hospital's logo and name beside each other; nothing where there is neither. */
export function letterheadRow({ name, logo }: Letterhead): Content[] {
  if (name === '' && logo === null) return [];
  const [logoWidth, logoHeight] = logo === null ? [0, 0] : logoSize(logo);
  const picture: Column[] = logo === null ? [] : [{ image: logo, width: logoWidth, height: logoHeight }];
  const nameWidth = CONTENT_WIDTH - (logo === null ? 0 : logoWidth + LETTERHEAD_GAP);
  const shownName: Column = {
    ...words(name, { fontSize: 11, bold: true }, nameWidth),
    width: '*',
    // One line stands beside the middle of the logo.
    margin: [0, Math.max(0, (logoHeight - 15) / 2), 0, 0],
  };
  return [{ columns: [...picture, shownName], columnGap: LETTERHEAD_GAP, margin: [0, 0, 0, 8] }];
}

export const heading = (text: string): Content => ({
  ...words(text.toUpperCase(), { fontSize: 8.5, bold: true, color: QUIET }),
  headlineLevel: 1,
  margin: [0, 14, 0, 5],
});

export const bullets = (texts: readonly string[], color = INK): Content => ({
  ul: texts.map((text) => ({ ...words(text, { color }, CONTENT_WIDTH - 14), margin: [0, 0, 0, 3] })),
  markerColor: INK,
});

/** Facts three beside each other, each label above its value. */
export function factGrid(rows: readonly Fact[]): Content[] {
  const width = (CONTENT_WIDTH - 20) / 3;
  return Array.from({ length: Math.ceil(rows.length / 3) }, (_, line) => ({
    columns: rows.slice(3 * line, 3 * line + 3).map(([label, value]) => ({
      width,
      stack: [words(label, { fontSize: 8, color: QUIET }, width), words(value, {}, width)],
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

const LABEL_WIDTH = 150;
const VALUE_WIDTH = 68;

/** Labels, values and definitions beside each other. */
export function valueTable(title: string, lines: readonly TableLine[]): Content[] {
  const rows = lines.map(({ label, shown, isWithheld, definition }): TableCell[] => [
    words(label, {}, LABEL_WIDTH),
    words(shown, { alignment: 'right', ...(isWithheld ? { color: ALERT } : { bold: true }) }, VALUE_WIDTH),
    words(definition, NOTE, CONTENT_WIDTH - LABEL_WIDTH - VALUE_WIDTH - 30),
  ]);
  return [
    heading(title),
    {
      table: { widths: [LABEL_WIDTH, VALUE_WIDTH, '*'], body: rows, dontBreakRows: true },
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
