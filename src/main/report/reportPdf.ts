import { decode } from 'fast-png';
import type { Content, Node, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Picture } from '#shared/contract/services/exporting.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { CycleContent } from './cycleContent.ts';
import { shownValue } from './measurementRows.ts';
import {
  ALERT,
  bullets,
  CONTENT_WIDTH,
  FOOT,
  factGrid,
  HEAD,
  heading,
  INK,
  letterheadRow,
  MARGIN,
  NOTE,
  PAGE,
  PICTURE_GAP,
  PLOT_WIDTH,
  QUIET,
  renderedPdf,
  TYPE,
  valueTable,
  words,
} from './pdfBlocks.ts';
import type { PlacedDeviceContent, PlanContent } from './planContent.ts';
import { hasUnknown } from './printableText.ts';
import { type ReportContent, reportContent } from './reportContent.ts';
import { pngBytes, type ReportInput } from './reportInput.ts';

/** The patient's line at the head of each page is cut to this length: at most two lines, even of wide letters. */
const HEAD_CHARACTERS = 110;

/**
 * The report as PDF, A4, with the same content as the HTML; bytes depend on the input alone. Its fonts are bundled
 * (resources/fonts): Latin, Greek, Cyrillic, Hebrew, Arabic, Japanese, Korean and Chinese. Other scripts are shown as
 * "?", and the report then says so.
 * @throws UserError where a picture is no PNG.
 */
export async function reportPdf(input: ReportInput): Promise<Uint8Array> {
  const content = reportContent(input);
  const pictures = input.pictures.map(picture);
  const document = definition(content, input, [
    ...firstPart(content),
    ...measurementPart(content),
    ...figurePart(content),
    ...(pictures.length === 0 ? [] : pictureRows(pictures)),
    ...(content.plan ? planPart(content.plan) : []),
    ...cyclePart(content),
    ...lastPart(content),
  ]);
  return renderedPdf(document);
}

function definition(
  content: ReportContent,
  { madeAt, pictures }: ReportInput,
  body: Content[],
): TDocumentDefinitions {
  const { figures: _, cycle: __, plan, letterhead, ...texts } = content;
  // Plots hold words of our own alone.
  const planTexts = plan && { ...plan, plots: [] };
  const captions = pictures.map(({ caption }) => caption);
  const shownTexts = JSON.stringify([texts, planTexts, letterhead.name, captions]);
  const { patientLine } = content;
  const head =
    [...patientLine].length > HEAD_CHARACTERS
      ? `${[...patientLine].slice(0, HEAD_CHARACTERS).join('')}…`
      : patientLine;
  return {
    pageSize: PAGE,
    pageMargins: [MARGIN, MARGIN + HEAD, MARGIN, MARGIN + FOOT],
    info: {
      title: content.title,
      subject: content.notice,
      creator: 'Auricle',
      producer: 'Auricle',
      creationDate: madeAt,
      modDate: madeAt,
    },
    defaultStyle: { font: 'NotoSans', fontSize: TYPE, color: INK },
    header: { ...words(head, { fontSize: 8, color: QUIET }), ...EDGE, margin: [MARGIN, MARGIN, MARGIN, 0] },
    footer: (page, pages) => ({
      columns: [
        { ...words(content.notice, { fontSize: 8, bold: true, color: ALERT }), ...EDGE },
        {
          ...words(`${page} / ${pages}`, { fontSize: 8, color: QUIET }),
          ...EDGE,
          width: 60,
          alignment: 'right',
        },
      ],
      margin: [MARGIN, FOOT / 2, MARGIN, 0],
    }),
    // A heading does not stand alone at the end of a page: a table that begins there may have its rows on the next.
    pageBreakBefore: ({ headlineLevel }, followers) =>
      headlineLevel === 1 && !followers.getFollowingNodesOnPage().some(isSeen),
    content: hasUnknown(shownTexts)
      ? [
          ...body,
          {
            ...words(
              '“?” stands for characters that this document’s fonts lack; the HTML report has them all.',
              NOTE,
            ),
            margin: [0, 10, 0, 0],
          },
        ]
      : body,
  };
}

function firstPart(content: ReportContent): Content[] {
  const isAccepted = content.review.state === 'accepted';
  return [
    ...letterheadRow(content.letterhead),
    {
      table: {
        widths: ['*'],
        body: [[words(content.notice, { fontSize: 10.5, bold: true, color: ALERT, alignment: 'center' })]],
      },
      layout: { hLineColor: ALERT, vLineColor: ALERT, paddingTop: () => 4, paddingBottom: () => 4 },
      margin: [0, 0, 0, 12],
    },
    { ...words(content.title, { fontSize: 16, bold: true }), margin: [0, 0, 0, 8] },
    ...factGrid(content.patient),
    {
      ...words(content.review.sentence, { bold: true, ...(isAccepted ? {} : { color: ALERT }) }),
      margin: [0, 5, 0, 0],
    },
    ...(content.warnings.length > 0 ? [heading('Warnings'), bullets(content.warnings)] : []),
    ...(content.withheld.length > 0 ? [heading('Not given'), bullets(content.withheld, ALERT)] : []),
    heading('Uncertainty'),
    bullets(content.uncertainty.map(([label, value]) => `${label}: ${value}`)),
  ];
}

const measurementPart = (content: ReportContent): Content[] => [
  ...valueTable(
    'Measurements',
    content.measurements.map((row) => ({ ...row, shown: shownValue(row), isWithheld: row.value === null })),
  ),
  ...(content.annotations.length > 0 ? valueTable('Drawn in the planes', content.annotations) : []),
];

const figurePart = ({ figures }: ReportContent): Content[] =>
  Array.from({ length: Math.ceil(figures.length / 2) }, (_, row): Content => {
    const plots = plotRow(figures.slice(2 * row, 2 * row + 2));
    return {
      unbreakable: true,
      stack: row === 0 ? [heading('Sections, device and C-arm view'), plots] : [plots],
    };
  });

const cyclePart = ({ cycle }: ReportContent): Content[] =>
  cycle === null
    ? []
    : [
        {
          unbreakable: true,
          stack: [
            heading('Over the heart cycle'),
            { ...words(cycle.sizing), margin: [0, 0, 0, 4] },
            ...Array.from({ length: Math.ceil(cycle.plots.length / 2) }, (_, row) =>
              plotRow(cycle.plots.slice(2 * row, 2 * row + 2)),
            ),
          ],
        },
        cycleTable(cycle),
        ...(cycle.changes.length > 0 ? [bullets(cycle.changes)] : []),
        ...(cycle.notGiven.length > 0 ? [bullets(cycle.notGiven, ALERT)] : []),
      ];

/** On one page; the row of the report's own phase in bold. */
const cycleTable = ({ heads, rows, ownRow }: CycleContent): Content => ({
  unbreakable: true,
  margin: [0, 4, 0, 8],
  stack: [
    {
      table: {
        headerRows: 1,
        widths: heads.map(() => '*'),
        body: [
          heads.map((head, column) => words(head, { ...NOTE, alignment: column === 0 ? 'left' : 'right' })),
          ...rows.map((cells, row) =>
            cells.map((cell, column) =>
              words(cell, { bold: row === ownRow, alignment: column === 0 ? 'left' : 'right' }),
            ),
          ),
        ],
      },
      layout: {
        hLineWidth: (at) => (at === 0 ? 0 : 0.5),
        vLineWidth: () => 0,
        hLineColor: '#d9dee3',
        paddingTop: () => 2.5,
        paddingBottom: () => 2.5,
      },
    },
  ],
});

const plotRow = (plots: PlanContent['plots']): Content => ({
  columnGap: PICTURE_GAP,
  margin: [0, 0, 0, 8],
  columns: plots.map(({ svg, caption }) => ({
    width: PLOT_WIDTH,
    stack: [
      { svg, width: PLOT_WIDTH },
      { ...words(caption, NOTE), margin: [0, 3, 0, 0] },
    ],
  })),
});

const numberTable = (title: string, rows: PlacedDeviceContent['rows']): Content[] =>
  valueTable(
    title,
    rows.map(({ label, value, definition, isKnown }) => ({
      label,
      shown: value,
      definition,
      isWithheld: !isKnown,
    })),
  );

const placedPart = ({ title, shape, warnings, rows }: PlacedDeviceContent): Content[] => [
  ...numberTable('Virtual device', rows),
  { ...words(title, { bold: true }), margin: [0, 6, 0, 4] },
  ...(warnings.length > 0 ? [bullets(warnings)] : []),
  { ...words(shape, NOTE), margin: [0, 4, 0, 0] },
];

function planPart({ notice, devices, plots, placed, nearby, withheld }: PlanContent): Content[] {
  return [
    heading('Devices'),
    { ...words(notice, { fontSize: 8.5, color: ALERT }), margin: [0, 0, 0, 4] },
    ...devices.map(
      ({ name, sizedBy, lines, fits, source }): Content => ({
        unbreakable: true,
        margin: [0, 0, 0, 6],
        stack: [
          words(name, { bold: true }),
          words(sizedBy, NOTE),
          fits ? bullets(lines) : words(lines.join(' '), { color: ALERT }),
          words(`Source: ${source}`, NOTE),
        ],
      }),
    ),
    ...(nearby.length > 0 ? numberTable('Surroundings of the ostium', nearby) : []),
    ...(placed ? placedPart(placed) : []),
    // On one page, with their heading.
    {
      unbreakable: true,
      stack: [
        heading('Along the centre line'),
        ...(withheld ? [words(withheld, { color: ALERT })] : []),
        ...Array.from({ length: Math.ceil(plots.length / 2) }, (_, row) =>
          plotRow(plots.slice(2 * row, 2 * row + 2)),
        ),
      ],
    },
  ];
}

/** Header and footer, which are among the nodes that follow any other on its page. */
const EDGE = { headlineLevel: 0 };

/** What leaves a mark in the page's body; tables, columns and lists are seen by what is in them. */
const isSeen = ({ text, image, svg, canvas, headlineLevel }: Node): boolean =>
  headlineLevel !== EDGE.headlineLevel && [text, image, svg, canvas].some((mark) => mark !== undefined);

interface PlacedPicture {
  readonly image: string;
  readonly caption: string;
}

function picture(source: Picture): PlacedPicture {
  const png = pngBytes(source);
  try {
    decode(png);
  } catch {
    throw new UserError(failure('export.picture-damaged'));
  }
  return { image: `data:image/png;base64,${Buffer.from(png).toString('base64')}`, caption: source.caption };
}

/** Side by side in pairs, captions below, none apart from its caption. */
function pictureRows(pictures: readonly PlacedPicture[]): Content[] {
  const columns = pictures.length === 1 ? 1 : 2;
  const width = (CONTENT_WIDTH - PICTURE_GAP * (columns - 1)) / columns;
  const tallest = PAGE.height - 2 * MARGIN - HEAD - FOOT - 60;
  const rowOf = (row: number): Content => ({
    columnGap: PICTURE_GAP,
    margin: [0, 0, 0, 8],
    columns: pictures.slice(columns * row, columns * row + columns).map(({ image, caption }) => ({
      width,
      stack: [
        { image, fit: [width, tallest] },
        { ...words(caption, NOTE), margin: [0, 3, 0, 0] },
      ],
    })),
  });
  return Array.from({ length: Math.ceil(pictures.length / columns) }, (_, row) => ({
    unbreakable: true,
    stack: row === 0 ? [heading('Pictures'), rowOf(row)] : [rowOf(row)],
  }));
}

function lastPart(content: ReportContent): Content[] {
  const views = content.cArmViews.map(({ text, isWorkingView }) =>
    isWorkingView ? `${text} (working view: nearest to RAO 30°, caudal 20°)` : text,
  );
  const half = Math.ceil(views.length / 2);
  // On one page, with their heading.
  const cArm: Content = {
    unbreakable: true,
    stack: [
      heading('Fluoroscopic projections perpendicular to the ostial axis'),
      { ...words(content.cArmNote, NOTE), margin: [0, 0, 0, 4] },
      { columns: [bullets(views.slice(0, half)), bullets(views.slice(half))] },
    ],
  };
  return [
    ...(views.length > 0 ? [cArm] : []),
    heading('Manual edits'),
    content.edits.length === 0 ? words('None.') : bullets(content.edits),
    heading('Surface'),
    ...factGrid(content.surface),
    // On one page, with their heading.
    {
      unbreakable: true,
      stack: [
        heading('Provenance'),
        {
          table: {
            widths: [126, '*'],
            body: content.provenance.map(([label, value]) => [words(label, { color: QUIET }), words(value)]),
          },
          layout: {
            defaultBorder: false,
            paddingLeft: (index) => (index === 0 ? 0 : 10),
            paddingRight: () => 0,
            paddingTop: () => 1.5,
            paddingBottom: () => 1.5,
          },
        },
      ],
    },
    { ...words(content.longNotice, NOTE), margin: [0, 8, 0, 0] },
  ];
}
