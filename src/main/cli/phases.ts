import type { Command } from 'commander';
import { sizingPhase } from '#shared/phases/phaseCycle.ts';
import { phasesAsText, phasesInWords } from '#shared/phases/phaseTable.ts';
import { assertWritable } from '../pipeline/outputFolder.ts';
import { phasesIntoFolder } from '../pipeline/phaseFiles.ts';
import { deviceTables } from '../planning/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { addSegmentationOptions, type SegmentationChoice, studyOptions } from './segmentationOptions.ts';

interface PhasesCommandOptions extends SegmentationChoice {
  readonly out: string;
  readonly anew?: boolean;
}

/** Segments every phase of a study into a folder of its own and shows how the sizes change over the cycle. */
export async function runPhases(
  folder: string,
  options: PhasesCommandOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput> {
  await assertWritable(options.out);
  const { tables } = await deviceTables(options.devices);
  const { results, reused } = await phasesIntoFolder(folder, options.out, {
    ...studyOptions(options),
    signal,
    onProgress,
    isAnew: options.anew === true,
    planning: { tables, landingZoneMm: options.landingZone ?? null },
  });
  const kept = reused === 0 ? '' : `\n${reused} of ${results.length} phases were there from an earlier run.`;
  return {
    json: { ...phasesInWords(results), reused },
    text: `${phasesAsText(results)}${kept}`,
    isFailed: sizingPhase(results) === undefined,
  };
}

/** Adds `auricle phases`. */
export function registerPhasesCommand(program: Command): void {
  const command = program
    .command('phases')
    .description('segment every phase of a heart cycle, and show volume, ostium and landing zone over it')
    .argument('<dicom-dir>', 'folder with the study; auricle dicom list shows its phases')
    .requiredOption('-o, --out <dir>', 'where the folder of each phase, table and curves go');
  addSegmentationOptions(command)
    .option('--anew', 'compute every phase, also where an earlier run has left its result')
    .action((folder: string, options: PhasesCommandOptions) =>
      runCommand(options, (context) => runPhases(folder, options, context)),
    );
}
