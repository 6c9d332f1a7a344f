import type { Command } from 'commander';
import { scanDicomFolder } from '../studies/scanDicomFolder.ts';
import { type ListedSeries, seriesList } from '../studies/seriesList.ts';
import { runCommand } from './command.ts';
import { oneLine } from './terminalText.ts';

/** Adds `auricle dicom list`. */
export function registerListCommand(dicom: Command): void {
  dicom
    .command('list')
    .description('the series in a folder and below it, by their headers alone')
    .argument('<dicom-dir>', 'folder with any number of studies')
    .option('--json', 'print the series as JSON')
    .action((folder: string, options: { readonly json?: boolean }) =>
      runCommand(options, async (context) => {
        const list = seriesList(await scanDicomFolder(folder, context));
        const counted = `${list.series.length} series, ${list.otherFiles} other files`;
        return {
          json: list,
          text: [...list.series.flatMap(lines), ...list.problems.map(oneLine), counted].join('\n'),
        };
      }),
    );
}

/** A series, and below it what a user should know of it. */
function lines({
  modality,
  description,
  phase,
  columns,
  rows,
  spacingMm,
  refusal,
  isChosen,
  warnings,
}: ListedSeries): string[] {
  const steps = spacingMm?.map((mm) => Number(mm.toFixed(3))).join(' × ');
  const size = `${columns} × ${rows}${steps === undefined ? '' : `, ${steps} mm`}`;
  // A description that names the phase itself is not said twice.
  const isNamed = phase === null || description.replaceAll(' ', '').includes(phase.replaceAll(' ', ''));
  const named = isNamed
    ? description
    : `${description}, heart ${phase.startsWith('phase') ? phase : `phase ${phase}`}`;
  const fate = refusal ?? (isChosen ? 'segmented by default' : 'can be segmented');
  return [
    `${modality.padEnd(3)} ${named}, ${size}: ${fate}`,
    ...warnings.map((warning) => `    ${warning}`),
  ].map(oneLine);
}
