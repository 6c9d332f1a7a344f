import { escapeXml } from '../interchange/xmlText.ts';
import { LETTERHEAD_STYLE, letterheadHtml } from './letterhead.ts';
import type { Fact, ReportInput } from './reportInput.ts';
import { LARGE_FIGURE, SUMMARY, type SummaryContent, summaryContent } from './summaryContent.ts';

const h = escapeXml;

const facts = (rows: readonly Fact[], columns: number): string =>
  rows.length === 0
    ? ''
    : `<dl style="grid-template-columns: repeat(${columns}, minmax(0, 1fr))">${rows.map(([label, value]) => `<div><dt>${h(label)}</dt><dd>${h(value)}</dd></div>`).join('')}</dl>`;

/** Type and room are those of the PDF, so that what is cut to fit there fits here. */
const STYLE = `
@page { size: A4; margin: ${SUMMARY.margin}pt; }
* { box-sizing: border-box; }
body { font: ${SUMMARY.type}pt/1.3 NotoSans, "Noto Sans", "Helvetica Neue", Arial, sans-serif; color: #1c2530; background: #fff;
  width: ${SUMMARY.width}pt; margin: 0 auto; overflow-wrap: anywhere; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
@media screen { body { padding: 18pt 0; } }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 10pt; margin-bottom: 4pt; }
h1 { font-size: 14pt; margin: 0; }
h2 { font-size: 7.5pt; letter-spacing: .05em; text-transform: uppercase; color: #52606f; margin: 7pt 0 2pt; }
p, ul, dl, dd, figure { margin: 0; }
ul { padding-left: 12pt; }
.alert, li { color: #7a1f12; }
.notice, .review { font-weight: 700; }
dl { display: grid; gap: 3pt 10pt; }
dt { font-size: 7.5pt; color: #52606f; }
table { width: 100%; border-collapse: collapse; margin-bottom: 5pt; }
th, td { font-weight: 400; text-align: right; padding: 1pt 0; border-bottom: .5pt solid #d9dee3; }
th:first-child { text-align: left; width: 130pt; }
thead th { color: #52606f; }
td { font-weight: 700; }
td.alert { font-weight: 400; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8pt; break-inside: avoid; }
.figures.roomy { grid-template-columns: repeat(2, 1fr); }
.roomy figure { display: grid; grid-template-columns: ${LARGE_FIGURE}pt 1fr; gap: 8pt; }
.figures svg { width: 100%; height: auto; display: block; }
figcaption, footer { font-size: 7pt; color: #52606f; }
footer { margin-top: 8pt; }
`;

/** The summary as one HTML file that needs nothing else, and prints on one page of A4. Every text is escaped. */
export function summaryHtml(input: ReportInput): Uint8Array {
  const content = summaryContent(input);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${h(content.title)}</title>
<style>${STYLE}${LETTERHEAD_STYLE}</style>
</head>
<body>
${letterheadHtml(content.letterhead)}
<header><h1>${h(content.title)}</h1><p class="notice alert" role="note">${h(content.notice)}</p></header>
${facts(content.patient, 3)}
<p class="review${content.review.isAccepted ? '' : ' alert'}">${h(content.review.sentence)}</p>
${content.attention.length === 0 ? '' : `<h2>Warnings and what is not given</h2><ul>${content.attention.map((sentence) => `<li>${h(sentence)}</li>`).join('')}</ul>`}
<h2>Uncertainty</h2><p>${h(content.uncertainty)}</p>
<h2>Measurements</h2>
${sizes(content)}
${facts(content.numbers.slice(0, 4), 4)}
${facts(content.numbers.slice(4), 2)}
${figures(content)}
<footer><p>${h(content.provenance)}</p><p>${h(content.longNotice)}</p></footer>
</body>
</html>
`;
  return new TextEncoder().encode(html);
}

const sizes = ({ sections, sizes: rows }: SummaryContent): string =>
  `<table><thead><tr><th></th>${sections.map((section) => `<th scope="col">${h(section)}</th>`).join('')}</tr></thead><tbody>${rows
    .map(
      ({ label, values }) =>
        `<tr><th scope="row">${h(label)}</th>${values.map((value) => `<td${value === 'not given' ? ' class="alert"' : ''}>${h(value)}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table>`;

/** Figures are drawn here and hold no text of the scan: they go in as they are. */
const figures = ({ figures: shown, isRoomy }: SummaryContent): string =>
  shown.length === 0
    ? ''
    : `<h2>Sections, device and C-arm view</h2><div class="figures${isRoomy ? ' roomy' : ''}">${shown
        .map(
          ({ svg, title, caption }) =>
            `<figure>${svg}<figcaption>${h(isRoomy ? caption : title)}</figcaption></figure>`,
        )
        .join('')}</div>`;
