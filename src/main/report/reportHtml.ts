import { escapeXml } from '../interchange/xmlText.ts';
import type { CycleContent } from './cycleContent.ts';
import { LETTERHEAD_STYLE, letterheadHtml } from './letterhead.ts';
import { shownValue } from './measurementRows.ts';
import type { PlacedDeviceContent, PlanContent } from './planContent.ts';
import { type ReportContent, reportContent } from './reportContent.ts';
import { type Fact, pngBytes, type ReportInput } from './reportInput.ts';
import { REPORT_STYLE } from './reportStyle.ts';

const h = escapeXml;

const facts = (rows: readonly Fact[]): string =>
  `<dl>${rows.map(([label, value]) => `<div><dt>${h(label)}</dt><dd>${h(value)}</dd></div>`).join('')}</dl>`;

const section = (title: string, body: string, className = ''): string =>
  body === ''
    ? ''
    : `<section${className ? ` class="${className}"` : ''}><h2>${h(title)}</h2>${body}</section>`;

const cycleHtml = ({ sizing, plots, heads, rows, ownRow, changes, notGiven }: CycleContent): string => {
  const cells = (tag: 'th' | 'td', texts: readonly string[]): string =>
    texts.map((text) => `<${tag}>${h(text)}</${tag}>`).join('');
  const figures = plots.map(
    ({ svg, caption }) => `<figure>${svg}<figcaption>${h(caption)}</figcaption></figure>`,
  );
  return `<p>${h(sizing)}</p><div class="plots">${figures.join('')}</div><table class="cycle"><thead><tr>${cells('th', heads)}</tr></thead><tbody>${rows
    .map((row, at) => `<tr${at === ownRow ? ' class="own"' : ''}>${cells('td', row)}</tr>`)
    .join(
      '',
    )}</tbody></table>${list(changes)}${notGiven.length > 0 ? `<div class="absent">${list(notGiven)}</div>` : ''}`;
};

const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${h(item)}</li>`).join('')}</ul>`;

/** Any text as a CSS string: what is neither letter nor digit goes in as its code point, so that nothing ends the string. */
const cssString = (text: string): string =>
  `"${[...text].map((character) => (/[A-Za-z0-9]/.test(character) ? character : `\\${character.codePointAt(0)!.toString(16)} `)).join('')}"`;

/** Patient, notice and page number on every printed page, where the browser knows margin boxes. */
const runningHeads = ({ patientLine, notice }: ReportContent): string => `@page {
@top-left { content: ${cssString(patientLine.slice(0, 160))}; font: 8pt system-ui, sans-serif; color: #51606f; white-space: nowrap; }
@bottom-left { content: ${cssString(notice)}; font: bold 8pt system-ui, sans-serif; color: #7a1f12; white-space: nowrap; }
@bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #51606f; }
}`;

const numberRows = (rows: PlacedDeviceContent['rows']): string =>
  `<table><tbody>${rows
    .map(
      ({ label, value, definition, isKnown }) =>
        `<tr><th scope="row">${h(label)}</th><td class="value${isKnown ? '' : ' absent'}">${h(value)}</td><td class="definition">${h(definition)}</td></tr>`,
    )
    .join('')}</tbody></table>`;

const placedSection = ({ title, shape, warnings, rows }: PlacedDeviceContent): string =>
  section(
    'Virtual device',
    `<h3>${h(title)}</h3>${warnings.length > 0 ? `<div class="absent">${list(warnings)}</div>` : ''}${numberRows(rows)}<p class="quiet">${h(shape)}</p>`,
  );

/** Plots are drawn here and hold no text of the scan: they go in as they are. */
const planSections = ({ notice, devices, plots, placed, nearby, withheld }: PlanContent): string =>
  section(
    'Devices',
    `<p class="alert">${h(notice)}</p>${devices
      .map(
        ({ name, sizedBy, lines, fits, source }) =>
          `<h3>${h(name)}</h3><p class="quiet">${h(sizedBy)}</p><div class="${fits ? 'fits' : 'absent'}">${list(lines)}</div><p class="quiet">Source: ${h(source)}</p>`,
      )
      .join('')}`,
    'devices',
  ) +
  (nearby.length > 0 ? section('Surroundings of the ostium', numberRows(nearby)) : '') +
  (placed ? placedSection(placed) : '') +
  section(
    'Along the centre line',
    `${withheld ? `<p class="absent">${h(withheld)}</p>` : ''}<div class="plots">${plots
      .map(({ svg, caption }) => `<figure>${svg}<figcaption>${h(caption)}</figcaption></figure>`)
      .join('')}</div>`,
  );

/**
 * The report as one HTML file that needs nothing else: pictures are within it, it runs no script and sends nothing over
 * the network. Every text is escaped. Prints on A4.
 * @throws UserError where a picture is no PNG.
 */
export function reportHtml(input: ReportInput): Uint8Array {
  const content = reportContent(input);
  const measurements = content.measurements.map(
    (row) =>
      `<tr><th scope="row">${h(row.label)}</th><td class="value${row.value === null ? ' absent' : ''}">${h(shownValue(row))}</td><td class="definition">${h(row.definition)}</td></tr>`,
  );
  const annotations = content.annotations.map(
    ({ label, shown, isWithheld, definition }) =>
      `<tr><th scope="row">${h(label)}</th><td class="drawn${isWithheld ? ' absent' : ''}">${h(shown)}</td><td class="definition">${h(definition)}</td></tr>`,
  );
  const pictures = input.pictures.map((picture) => {
    const data = Buffer.from(pngBytes(picture)).toString('base64');
    return `<figure><img src="data:image/png;base64,${data}" alt="${h(picture.caption)}"><figcaption>${h(picture.caption)}</figcaption></figure>`;
  });
  const views = content.cArmViews.map(
    ({ text, isWorkingView }) =>
      `<li>${h(text)}${isWorkingView ? ' <span class="quiet">working view: nearest to RAO 30°, caudal 20°</span>' : ''}</li>`,
  );
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${h(content.title)}</title>
<style>${REPORT_STYLE}${LETTERHEAD_STYLE}${runningHeads(content)}</style>
</head>
<body>
${letterheadHtml(content.letterhead)}
<p class="notice" role="note">${h(content.notice)}</p>
<header><h1>${h(content.title)}</h1>${facts(content.patient)}</header>
<p class="review ${content.review.state.replace(' ', '-')}">${h(content.review.sentence)}</p>
${section('Warnings', list(content.warnings), 'warnings')}
${section('Not given', list(content.withheld), 'not-given')}
${section('Uncertainty', facts(content.uncertainty), 'provenance')}
${section('Measurements', `<table><tbody>${measurements.join('')}</tbody></table>`)}
${section('Drawn in the planes', annotations.length === 0 ? '' : `<table><tbody>${annotations.join('')}</tbody></table>`)}
${section('Sections, device and C-arm view', content.figures.length === 0 ? '' : `<div class="pictures">${content.figures.map(({ svg, caption }) => `<figure>${svg}<figcaption>${h(caption)}</figcaption></figure>`).join('')}</div>`)}
${section('Pictures', pictures.length === 0 ? '' : `<div class="pictures">${pictures.join('')}</div>`)}
${content.plan ? planSections(content.plan) : ''}
${content.cycle ? section('Over the heart cycle', cycleHtml(content.cycle)) : ''}
${section('Fluoroscopic projections perpendicular to the ostial axis', views.length === 0 ? '' : `<p>${h(content.cArmNote)}</p><ul class="views">${views.join('')}</ul>`)}
${section('Manual edits', list(content.edits) || '<p>None.</p>')}
${section('Surface', facts(content.surface))}
${section('Provenance', facts(content.provenance), 'provenance')}
<footer>${h(content.longNotice)}</footer>
</body>
</html>
`;
  return new TextEncoder().encode(html);
}
