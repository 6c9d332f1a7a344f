import type { Column, Content } from 'pdfmake/interfaces.js';
import { ALERT, INK, letterheadRow, NOTE, PAGE, QUIET, RULE, renderedPdf, words } from './pdfBlocks.ts';
import type { Figure } from './reportFigures.ts';
import type { Fact, ReportInput } from './reportInput.ts';
import { LARGE_FIGURE, SUMMARY, type SummaryContent, summaryContent } from './summaryContent.ts';

/** The summary as PDF: one page of A4, whatever is to be said. */
export async function summaryPdf(input: ReportInput): Promise<Uint8Array> {
  const content = summaryContent(input);
  const { margin } = SUMMARY;
  return renderedPdf({
    pageSize: PAGE,
    pageMargins: [margin, margin, margin, margin],
    info: {
      title: content.title,
      subject: content.notice,
      creator: 'Auricle',
      producer: 'Auricle',
      creationDate: input.madeAt,
      modDate: input.madeAt,
    },
    defaultStyle: { font: 'NotoSans', fontSize: SUMMARY.type, color: INK },
    content: [
      ...head(content),
      ...attention(content),
      ...numbers(content),
      ...figures(content),
      ...foot(content),
    ],
  });
}

const title = (text: string): Content => ({
  ...words(text.toUpperCase(), { fontSize: 7.5, bold: true, color: QUIET }),
  margin: [0, 7, 0, 2],
});

const fact = ([label, value]: Fact): Content => ({
  stack: [words(label, { fontSize: 7.5, color: QUIET }), words(value)],
  margin: [0, 0, 0, 3],
});

const FACT_GAP = 10;

/** Facts beside each other, so many in a row. */
const grid = (facts: readonly Fact[], columns: number): Content[] =>
  Array.from({ length: Math.ceil(facts.length / columns) }, (_, row) => ({
    columns: Array.from({ length: columns }, (_, column) => {
      const one = facts[columns * row + column];
      return { width: (SUMMARY.width - (columns - 1) * FACT_GAP) / columns, stack: one ? [fact(one)] : [] };
    }),
    columnGap: FACT_GAP,
  }));

const head = ({ letterhead, title: name, notice, patient, review }: SummaryContent): Content[] => [
  ...letterheadRow(letterhead),
  {
    columns: [
      words(name, { fontSize: 14, bold: true }),
      {
        ...words(notice, { bold: true, color: ALERT, alignment: 'right' }),
        width: 220,
        margin: [0, 5, 0, 0],
      },
    ],
    margin: [0, 0, 0, 5],
  },
  ...grid(patient, 3),
  words(review.sentence, { bold: true, ...(review.isAccepted ? {} : { color: ALERT }) }),
];

const attention = ({ attention: sentences, uncertainty }: SummaryContent): Content[] => [
  ...(sentences.length > 0
    ? [
        title('Warnings and what is not given'),
        { ul: sentences.map((sentence) => words(sentence, { color: ALERT })), markerColor: ALERT },
      ]
    : []),
  title('Uncertainty'),
  words(uncertainty),
];

const numbers = ({ sections, sizes, numbers: facts }: SummaryContent): Content[] => [
  title('Measurements'),
  {
    table: {
      widths: [130, ...sections.map(() => '*' as const)],
      body: [
        [words(''), ...sections.map((section) => words(section, { alignment: 'right', color: QUIET }))],
        ...sizes.map(({ label, values }) => [
          words(label),
          ...values.map((value) =>
            words(value, {
              alignment: 'right',
              ...(value === 'not given' ? { color: ALERT } : { bold: true }),
            }),
          ),
        ]),
      ],
    },
    layout: {
      hLineWidth: (index) => (index === 0 || index === sizes.length + 1 ? 0 : 0.5),
      vLineWidth: () => 0,
      hLineColor: RULE,
      paddingLeft: () => 0,
      paddingRight: () => 0,
      paddingTop: () => 1,
      paddingBottom: () => 1,
    },
    margin: [0, 0, 0, 5],
  },
  ...grid(facts.slice(0, 4), 4),
  ...grid(facts.slice(4), 2),
];

const GAP = 8;

function figures({ figures: shown, isRoomy }: SummaryContent): Content[] {
  if (shown.length === 0) return [];
  const columns = isRoomy ? 2 : 4;
  const width = (SUMMARY.width - (columns - 1) * GAP) / columns;
  const rows = Array.from({ length: Math.ceil(shown.length / columns) }, (_, row) =>
    shown.slice(columns * row, columns * row + columns),
  );
  return [
    title('Sections, device and C-arm view'),
    ...rows.map(
      (row): Content => ({
        columns: row.map((figure) => (isRoomy ? large(figure, width) : small(figure, width))),
        columnGap: GAP,
        margin: [0, 0, 0, 6],
      }),
    ),
  ];
}

const small = ({ svg, title: name }: Figure, width: number): Column => ({
  width,
  stack: [
    { svg, width },
    { ...words(name, NOTE), margin: [0, 2, 0, 0] },
  ],
});

const large = ({ svg, caption }: Figure, width: number): Column => ({
  width,
  columns: [
    { svg, width: LARGE_FIGURE },
    { ...words(caption, NOTE), width: '*' },
  ],
  columnGap: GAP,
});

const foot = ({ provenance, longNotice }: SummaryContent): Content[] => [
  { ...words(provenance, { fontSize: 7, color: QUIET }), margin: [0, 8, 0, 0] },
  { ...words(longNotice, { fontSize: 7, color: QUIET }), margin: [0, 2, 0, 0] },
];
