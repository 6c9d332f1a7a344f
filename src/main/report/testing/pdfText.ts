import { inflateSync } from 'node:zlib';
import { PDFDict, PDFDocument, PDFName, type PDFObject, type PDFPage, PDFRawStream } from 'pdf-lib';

/** A line of text on a page: its characters in the order of drawing, and where it stands. */
export interface DrawnText {
  readonly text: string;
  readonly baseline: number;
  readonly font: string;
}

/** What a PDF shows, page by page, read back by way of its fonts' tables of Unicode characters. */
export async function drawnTexts(bytes: Uint8Array): Promise<DrawnText[][]> {
  const document = await PDFDocument.load(bytes);
  return document.getPages().map((page) => pageTexts(document, page));
}

function pageTexts(document: PDFDocument, page: PDFPage): DrawnText[] {
  const lookup = (object: PDFObject | undefined): PDFObject | undefined => document.context.lookup(object);
  const streamText = (object: PDFObject | undefined): string => {
    const stream = lookup(object);
    if (!(stream instanceof PDFRawStream)) return '';
    const raw = stream.getContents();
    return Buffer.from(raw[0] === 0x78 ? inflateSync(raw) : raw).toString('latin1');
  };
  const { Contents, Font } = page.node.normalizedEntries();
  const fonts = new Map<string, { name: string; characters: Map<string, string> }>();
  for (const [key, reference] of Font.entries()) {
    const font = lookup(reference);
    if (!(font instanceof PDFDict)) continue;
    fonts.set(key.asString(), {
      name: String(font.get(PDFName.of('BaseFont'))).replace(/^\/[A-Z]*\+/, ''),
      characters: unicodeOf(streamText(font.get(PDFName.of('ToUnicode')))),
    });
  }
  const content = (Contents?.asArray() ?? []).map(streamText).join('\n');
  const drawn: DrawnText[] = [];
  let font = '';
  let baseline = 0;
  const operators = /(\/F\d+) \S+ Tf|1 0 0 1 \S+ (\S+) Tm|\[((?:<[0-9a-f]*>|[^\]<]*)*)\] TJ/g;
  for (const [, selected, height, glyphs] of content.matchAll(operators)) {
    if (selected !== undefined) font = selected;
    if (height !== undefined) baseline = Number(height);
    if (glyphs === undefined) continue;
    const { name, characters } = fonts.get(font) ?? { name: '', characters: new Map<string, string>() };
    const codes = [...glyphs.matchAll(/<([0-9a-f]*)>/g)].flatMap(([, hex]) => hex?.match(/.{4}/g) ?? []);
    drawn.push({
      text: codes.map((code) => characters.get(code) ?? '\ufffd').join(''),
      baseline,
      font: name,
    });
  }
  return drawn;
}

/** From glyphs to characters, both in hexadecimal: `<0000> <0002> [<0041> <0042> <d83dde00>]`. */
function unicodeOf(table: string): Map<string, string> {
  const characters = new Map<string, string>();
  for (const [, first, list] of table.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
    let glyph = Number.parseInt(first!, 16);
    for (const [, hex] of list!.matchAll(/<([0-9a-f ]*)>/g)) {
      const units = hex!.replaceAll(' ', '').match(/.{4}/g) ?? [];
      const text = String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
      characters.set((glyph++).toString(16).padStart(4, '0'), text);
    }
  }
  return characters;
}

/** The texts that a PDF shows, page by page. */
export const pdfPageTexts = async (bytes: Uint8Array): Promise<string[]> =>
  (await drawnTexts(bytes)).map((page) => page.map(({ text: drawn }) => drawn).join(''));
