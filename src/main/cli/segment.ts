import type { Command } from 'commander';
import { LANDING_DISTANCES_MM } from '#shared/anatomy/landingZone.ts';
import { reportInWords, type SegmentationReport } from '#shared/contract/report.ts';
import { words } from '#shared/words/words.ts';
import { assertWritable, writeFilesTogether } from '../pipeline/outputFolder.ts';
import { RESULT_FILE_NAMES, resultFiles } from '../pipeline/resultFiles.ts';
import { segmentStudy } from '../pipeline/segmentStudy.ts';
import { deviceTables } from '../planning/index.ts';
import { drawInThread } from '../workers/drawingThread.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { deviceLines, ostiumDistanceLines } from './deviceLines.ts';
import { addSegmentationOptions, type SegmentationChoice, studyOptions } from './segmentationOptions.ts';

interface SegmentOptions extends SegmentationChoice {
  readonly output: string;
}

const orDash = (value: number | null | undefined, unit: string, digits = 1): string =>
  value === null || value === undefined ? '—' : `${value.toFixed(digits)} ${unit}`;

function ostiumInWords(ostium: NonNullable<SegmentationReport['ostium']>): string {
  const { maxDiameterMm, minDiameterMm, areaMm2, perimeterMm } = ostium;
  return `${orDash(maxDiameterMm, 'mm')} × ${orDash(minDiameterMm, 'mm')}, ${orDash(areaMm2, 'mm²', 0)}, perimeter ${orDash(perimeterMm, 'mm')}`;
}

/** Where the plane lies between its landmarks, where the model knows them. */
function landmarkLines({ ostiumLandmarks }: SegmentationReport): string[] {
  if (!ostiumLandmarks) return [];
  const { ridge, circumflex, planeSdMm, planeSdDegrees } = ostiumLandmarks;
  return [
    `Ostium plane       ± ${planeSdMm.toFixed(1)} mm, ± ${planeSdDegrees.toFixed(0)}°; ${Math.abs(ridge.fromPlaneMm).toFixed(1)} mm from the ridge, ${Math.abs(circumflex.fromPlaneMm).toFixed(1)} mm from the circumflex artery`,
  ];
}

/** The landing zones; of one that is not given, why. */
const landingZoneLines = ({ landingZones, withheld }: SegmentationReport): string[] =>
  LANDING_DISTANCES_MM.flatMap((distanceMm) => {
    const zone = landingZones.find((one) => one.distanceMm === distanceMm);
    const beyond = `${distanceMm} mm beyond the ostium`;
    if (zone) {
      const { maxDiameterMm, minDiameterMm, perimeterDerivedDiameterMm } = zone;
      return `Landing zone       ${orDash(maxDiameterMm, 'mm')} × ${orDash(minDiameterMm, 'mm')}, ${orDash(perimeterDerivedDiameterMm, 'mm')} from the perimeter, ${beyond}`;
    }
    const reason = withheld[`landingZone${distanceMm}`];
    return reason ? `Landing zone       —, ${beyond}: ${words().clause(reason)}` : [];
  });

/** The result in a few lines for a terminal. */
export function describeReport(report: SegmentationReport): string {
  const { ostium, mesh } = report;
  const total = Object.values(report.secondsPerStage).reduce((sum, seconds) => sum + seconds, 0);
  const lines = [
    `Volume             ${orDash(report.volumeMl, 'mL')}`,
    `Depth              ${orDash(report.depthMm, 'mm')}`,
    `Ostium             ${ostium ? ostiumInWords(ostium) : '—'}`,
    ...landmarkLines(report),
    ...landingZoneLines(report),
    ...(report.planning ? ostiumDistanceLines(report.planning) : []),
    ...deviceLines(report.planning?.devices ?? []),
    `Mesh               ${mesh.faces} faces, ${mesh.watertight ? 'watertight' : 'NOT watertight'}, ${mesh.components} component(s), ${mesh.selfIntersections} self-intersections`,
    `Engine             ${report.engine.id} (${report.engine.device}), ${total.toFixed(1)} s, peak memory ${report.peakMemoryMib} MiB`,
    ...report.engine.remarks.map((remark) => `Remark             ${words().sentence(remark)}`),
    ...report.warnings.map((warning) => `Warning            ${words().sentence(warning)}`),
    report.notice,
  ];
  return lines.join('\n');
}

/**
 * Segments the best series of a folder and writes the result's files. Throws a UserError or CancelledError, and then
 * leaves the output folder as it was.
 */
export async function runSegment(
  folder: string,
  options: SegmentOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput & { readonly report: SegmentationReport }> {
  await assertWritable(options.output);
  // A bad table is noticed before the work, not after it.
  const { tables } = await deviceTables(options.devices);
  const drawing = drawInThread();
  try {
    const study = await segmentStudy(folder, {
      ...studyOptions(options),
      signal,
      onProgress,
      onSurface: (surface) => drawing.begin(surface),
    });
    onProgress({ stage: 'Writing files', fraction: 1 });
    const planning = { tables, landingZoneMm: options.landingZone ?? null };
    const { files, report } = await resultFiles(study, planning, drawing);
    await writeFilesTogether(options.output, files, RESULT_FILE_NAMES);
    return { report, json: reportInWords(report), text: describeReport(report) };
  } finally {
    await drawing.free();
  }
}

/** Adds `auricle segment`. */
export function registerSegmentCommand(program: Command): void {
  const command = program
    .command('segment')
    .description('find, segment and measure the left atrial appendage in a folder of DICOM')
    .argument('<dicom-dir>', 'folder with the series; the best one is picked')
    .requiredOption('-o, --output <dir>', 'where meshes, mask, picture and report go');
  addSegmentationOptions(command).action((folder: string, options: SegmentOptions) =>
    runCommand(options, (context) => runSegment(folder, options, context)),
  );
}
