import type { Command } from 'commander';
import {
  commonViews,
  perpendicularViews,
  REACHABLE_BETA_DEGREES,
  viewInWords,
  workingView,
} from '#shared/anatomy/cArmView.ts';
import { planInWords } from '#shared/contract/report.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { planDevices } from '#shared/planning/deviceFit.ts';
import { deviceTables, profileCsv, readPlannedResult } from '../planning/index.ts';
import { type CommandOutput, runCommand } from './command.ts';
import { deviceLines } from './deviceLines.ts';
import { DEVICES_FOLDER, LANDING_ZONE, parseLandingZone } from './optionValues.ts';

interface PlanOptions {
  readonly json?: boolean;
}

interface DevicesOptions extends PlanOptions {
  readonly devices?: string;
  readonly landingZone?: number;
}

/** The sizes of devices that fit a result. */
export async function runPlanDevices(folder: string, options: DevicesOptions): Promise<CommandOutput> {
  const { tables, origin } = await deviceTables(options.devices);
  const result = await readPlannedResult(folder);
  const plan = planDevices(tables, result, options.landingZone ?? null);
  const { devices, landingZoneMm } = planInWords(plan);
  const sources = plan.devices.map(
    ({ name, source: { title, version, isVerified } }) =>
      `Source             ${name}: ${title}, ${version}${isVerified ? '' : '; not compared with the manufacturer’s instructions'}`,
  );
  return {
    json: { notice: result.notice, tables: origin, landingZoneMm, devices },
    text: [...deviceLines(plan.devices), ...sources, result.notice].join('\n'),
  };
}

/** The sizes along the centre line, as CSV. */
export async function runPlanProfile(folder: string): Promise<CommandOutput> {
  const { profile } = await readPlannedResult(folder);
  if (profile.withheld) throw new UserError(profile.withheld);
  return {
    json: planInWords({ profile, landingZoneMm: null, devices: [] }).profile,
    text: profileCsv(profile).trimEnd(),
  };
}

const STEP_DEGREES = 5;

/** The C-arm views perpendicular to the ostium's axis, and how far the common ones are from that. */
export async function runPlanViews(folder: string): Promise<CommandOutput> {
  const { measurements, notice } = await readPlannedResult(folder);
  const { ostium, withheld } = measurements;
  if (!ostium) {
    const reason = withheld.areaMm2 ?? withheld.depthMm ?? failure('measure.no-ostium');
    throw new UserError(failure('planning.no-views', { reason }));
  }
  const working = workingView(ostium.normal);
  const reachable = perpendicularViews(ostium.normal, STEP_DEGREES).filter(
    ({ betaDegrees }) => Math.abs(betaDegrees) <= REACHABLE_BETA_DEGREES,
  );
  const common = commonViews(ostium.normal);
  return {
    json: { notice, workingView: working ?? null, perpendicularViews: reachable, commonViews: common },
    text: [
      `Working view       ${working ? viewInWords(working) : 'none within reach of a C-arm'}`,
      ...reachable.map((view) => `Perpendicular      ${viewInWords(view)}`),
      ...common.map(
        (view) =>
          `Common view        ${viewInWords(view)}, ${view.offDegrees.toFixed(0)}° from perpendicular`,
      ),
      notice,
    ].join('\n'),
  };
}

/** Adds `auricle plan`. */
export function registerPlanCommand(program: Command): void {
  const plan = program
    .command('plan')
    .description('what an occluder is planned by, from a result of auricle segment; research display only');
  const add = (name: string, description: string): Command =>
    plan
      .command(name)
      .description(description)
      .argument('<result-dir>', 'the folder that auricle segment wrote')
      .option('--json', 'print the result as JSON');
  add('devices', 'the sizes of devices that fit, with their compression')
    .option('--devices <dir>', DEVICES_FOLDER)
    .option('--landing-zone <mm>', LANDING_ZONE, parseLandingZone)
    .action((folder: string, options: DevicesOptions) =>
      runCommand(options, () => runPlanDevices(folder, options)),
    );
  add('profile', 'diameters, area and perimeter along the centre line, as CSV').action(
    (folder: string, options: PlanOptions) => runCommand(options, () => runPlanProfile(folder)),
  );
  add('views', 'the C-arm views perpendicular to the axis of the ostium').action(
    (folder: string, options: PlanOptions) => runCommand(options, () => runPlanViews(folder)),
  );
}
