/** The report's look: calm, one column, ready for A4. */
export const REPORT_STYLE = `
@page { size: A4; margin: 16mm 15mm; }
* { box-sizing: border-box; }
body { font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; color: #1c2530; background: #fff;
  max-width: 820px; margin: 0 auto; padding: 24px; overflow-wrap: anywhere; }
h1 { font-size: 22px; font-weight: 600; margin: 18px 0 10px; }
h2 { font-size: 12px; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; color: #51606f; margin: 26px 0 8px; }
p { margin: 0 0 8px; }
ul { margin: 0; padding-left: 18px; }
.notice { margin: 0; padding: 8px 12px; text-align: center; font-weight: 600; color: #7a1f12; border: 1.5px solid #b4412e; border-radius: 6px; }
header dl, dl { margin: 0; display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px 20px; }
header dl { padding: 12px 14px; background: #f2f5f8; border-radius: 6px; }
dt { font-size: 11.5px; color: #51606f; }
dd { margin: 0; }
.provenance dl { grid-template-columns: 1fr; gap: 4px; }
.provenance dl div { display: grid; grid-template-columns: 170px 1fr; }
.provenance dt { font-size: inherit; }
.review { margin: 14px 0 0; padding-left: 10px; border-left: 3px solid #8794a1; }
.review.accepted { border-color: #2f7d4f; }
.review.rejected, .review.not-reviewed { border-color: #b4412e; }
.review.rejected { font-weight: 600; }
.not-given { color: #7a1f12; }
.warnings ul { padding: 10px 14px 10px 30px; background: #fdf4e3; border-radius: 6px; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: baseline; padding: 5px 12px 5px 0; border-bottom: 1px solid #e2e7ec; font-weight: 400; }
th { width: 33%; }
.value { white-space: nowrap; font-weight: 600; font-variant-numeric: tabular-nums; text-align: right; padding-right: 24px; }
.value.absent { font-weight: 400; color: #7a1f12; }
.drawn { font-weight: 600; font-variant-numeric: tabular-nums; text-align: right; padding-right: 24px; min-width: 96px; }
.drawn.absent { font-weight: 400; color: #7a1f12; }
.definition, .quiet, figcaption, footer { color: #51606f; font-size: 12.5px; }
.cycle { margin: 10px 0; font-variant-numeric: tabular-nums; }
.cycle th { width: auto; color: #51606f; font-size: 12.5px; }
.cycle th:not(:first-child), .cycle td:not(:first-child) { text-align: right; }
.cycle .own td { font-weight: 600; }
.pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
.pictures figure:only-child { grid-column: 1 / -1; }
figure { margin: 0; break-inside: avoid; }
figure img { width: 100%; height: auto; display: block; border-radius: 4px; }
figcaption { margin-top: 4px; }
.alert, .devices .absent { color: #7a1f12; }
.devices h3 { font-size: 14px; font-weight: 600; margin: 12px 0 2px; }
.devices .fits { font-weight: 600; }
.devices p { margin: 0 0 4px; }
.plots { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
.plots svg, .pictures svg { width: 100%; height: auto; display: block; }
.views { columns: 2; }
footer { margin-top: 28px; padding-top: 8px; border-top: 1px solid #e2e7ec; }
tr, .notice, header, .review, .warnings { break-inside: avoid; }
h2 { break-after: avoid; }
@media print { body { padding: 0; max-width: none; font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
@media (max-width: 560px) { header dl, dl, .pictures { grid-template-columns: 1fr; } }
`;
