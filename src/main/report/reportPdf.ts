import { PDFDocument, type PDFImage, StandardFonts } from 'pdf-lib';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { shownValue } from './measurementRows.ts';
import { ALERT, type Cell, CONTENT_WIDTH, createPdfPages, type PdfPages, QUIET } from './pdfPages.ts';
import { pngBytes } from './pictureBytes.ts';
import { type Fact, type ReportContent, reportContent } from './reportContent.ts';
import type { ReportInput } from './reportInput.ts';

/**
 * The report as PDF, A4, with the same content as the HTML. Its fonts are PDF's own and know Western letters only: other
 * scripts are transliterated or shown as "?", and the report then says so.
 * @throws UserError where a picture is no PNG.
 */
export async function reportPdf(input: ReportInput): Promise<Uint8Array> {
  const content = reportContent(input);
  const document = await PDFDocument.create();
  document.setTitle(content.title);
  document.setSubject(content.notice);
  document.setCreator('Auricle');
  document.setProducer('Auricle');
  document.setCreationDate(input.madeAt);
  document.setModificationDate(input.madeAt);
  const pages = createPdfPages(document, {
    regular: await document.embedFont(StandardFonts.Helvetica),
    bold: await document.embedFont(StandardFonts.HelveticaBold),
  });
  const pictures: { image: PDFImage; caption: string }[] = [];
  for (const picture of input.pictures) {
    pictures.push({ image: await embedded(document, pngBytes(picture)), caption: picture.caption });
  }
  writeFirst(pages, content);
  writeMeasurements(pages, content);
  if (pictures.length > 0) {
    pages.heading('Pictures', 200);
    pages.pictures(pictures);
  }
  writeRest(pages, content);
  if (pages.hasUnknown) {
    pages.gap(10);
    pages.paragraph(
      '“?” stands for characters that this document’s fonts lack; the HTML report has them all.',
      {
        size: 8.5,
        colour: QUIET,
      },
    );
  }
  pages.finish(content.patientLine, content.notice);
  return document.save();
}

async function embedded(document: PDFDocument, png: Uint8Array): Promise<PDFImage> {
  try {
    return await document.embedPng(png);
  } catch {
    throw new UserError(failure('export.picture-damaged'));
  }
}

function writeFirst(pages: PdfPages, content: ReportContent): void {
  pages.banner(content.notice);
  pages.gap(4);
  pages.paragraph(content.title, { size: 16, bold: true });
  pages.gap(6);
  factGrid(pages, content.patient);
  pages.gap(4);
  const isAccepted = content.review.state === 'accepted';
  pages.paragraph(content.review.sentence, { bold: true, ...(isAccepted ? {} : { colour: ALERT }) });
  if (content.warnings.length > 0) {
    pages.heading('Warnings');
    for (const warning of content.warnings) bullet(pages, warning);
  }
}

function writeMeasurements(pages: PdfPages, content: ReportContent): void {
  pages.heading('Measurements', 120);
  for (const row of content.measurements) {
    pages.row(
      [
        { text: row.label, x: 0, width: 160 },
        {
          text: shownValue(row),
          x: 160,
          width: 68,
          alignRight: true,
          bold: row.value !== null,
          ...(row.value === null ? { colour: ALERT } : {}),
        },
        { text: row.definition, x: 248, width: CONTENT_WIDTH - 248, size: 8.5, colour: QUIET },
      ],
      true,
    );
  }
}

function writeRest(pages: PdfPages, content: ReportContent): void {
  if (content.cArmViews.length > 0) {
    pages.heading('C-arm views');
    pages.paragraph(content.cArmNote, { size: 8.5, colour: QUIET });
    pages.gap(3);
    const views = content.cArmViews.map(({ text, isWorkingView }) =>
      isWorkingView ? `${text} (nearest to RAO 30°, caudal 20°)` : text,
    );
    const half = Math.ceil(views.length / 2);
    for (let index = 0; index < half; index++) {
      pages.row([
        ...bulletCells(views[index]!, 0, COLUMN),
        ...bulletCells(views[index + half], COLUMN, COLUMN),
      ]);
    }
  }
  pages.heading('Changes by a person');
  if (content.edits.length === 0) pages.paragraph('None.');
  for (const edit of content.edits) bullet(pages, edit);
  pages.heading('Surface');
  factGrid(pages, content.surface);
  pages.heading('Provenance');
  for (const [label, value] of content.provenance) {
    pages.row([
      { text: label, x: 0, width: 130, colour: QUIET },
      { text: value, x: 136, width: CONTENT_WIDTH - 136 },
    ]);
  }
  pages.gap(8);
  pages.paragraph(content.longNotice, { size: 8.5, colour: QUIET });
}

const COLUMN = CONTENT_WIDTH / 2;

const bulletCells = (text: string | undefined, x: number, width: number): Cell[] =>
  text === undefined
    ? []
    : [
        { text: '•', x, width: 10 },
        { text, x: x + 10, width: width - 20 },
      ];

const bullet = (pages: PdfPages, text: string): void => pages.row(bulletCells(text, 0, CONTENT_WIDTH + 10));

/** Facts three beside each other, each label above its value. */
function factGrid(pages: PdfPages, rows: readonly Fact[]): void {
  const width = CONTENT_WIDTH / 3;
  for (let start = 0; start < rows.length; start += 3) {
    const three = rows.slice(start, start + 3);
    pages.row(
      three.map(([label], column) => ({
        text: label,
        x: column * width,
        width: width - 10,
        size: 8,
        colour: QUIET,
      })),
    );
    pages.gap(-5);
    pages.row(three.map(([, value], column) => ({ text: value, x: column * width, width: width - 10 })));
  }
}
