import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import {
  commonViews,
  perpendicularViews,
  REACHABLE_BETA_DEGREES,
  viewInWords,
  workingView,
} from '#shared/anatomy/cArmView.ts';
import { NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import type { DeviceTable } from '#shared/contract/planning.ts';
import { planInWords, virtualDeviceInWords } from '#shared/contract/report.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { planDevices } from '#shared/planning/deviceFit.ts';
import {
  readSavedWork,
  reportOfSaved,
  savedWorkReport,
  straightenedPicture,
  straightenedResult,
  USUAL_LANDING_MM,
} from '../exporting/index.ts';
import { encodeSurface } from '../interchange/encodeSurface.ts';
import { writeFilesTogether } from '../pipeline/outputFolder.ts';
import {
  type DeviceInResult,
  type DeviceRequest,
  deviceInResult,
  deviceTables,
  profileCsv,
  readPlannedResult,
  replannedResult,
} from '../planning/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { deviceLines, ostiumDistanceLines, virtualDeviceLines } from './deviceLines.ts';
import {
  DEVICES_FOLDER,
  LANDING_ZONE,
  nonNegativeNumber,
  parseDegrees,
  parseLandingZone,
  parseTilt,
  parseWindow,
} from './optionValues.ts';
import { isFile, savedArchive } from './savedWorkFile.ts';

interface PlanOptions {
  readonly json?: boolean;
}

interface DevicesOptions extends PlanOptions {
  readonly devices?: string;
  readonly landingZone?: number;
}

async function resultPlan(folder: string, landingZoneMm: number | null, tables: readonly DeviceTable[]) {
  const result = await readPlannedResult(folder);
  return { plan: planDevices(tables, result, landingZoneMm, result.ostiumDistances), notice: result.notice };
}

interface SavedPlanOptions {
  readonly tables: readonly DeviceTable[];
  readonly landingZone?: number | undefined;
  /** In place of the one that was placed. */
  readonly device?: Omit<DeviceRequest, 'tables' | 'landingZoneMm'>;
}

/** Saved work as the application plans by it: the reader's edits, line, outlines and landing zone are in its numbers. */
async function savedPlan(file: string, { tables, landingZone, device }: SavedPlanOptions) {
  const { plan, measurements, report, deviceMesh, warnings } = savedWorkReport(await savedArchive(file), {
    letterhead: NO_LETTERHEAD,
    tables,
    landingZoneMm: landingZone ?? null,
    device: device ?? null,
    savedWork: [],
  });
  if (!plan) throw new UserError(failure('measure.no-ostium'));
  return { plan, measurements, deviceMesh, warnings, notice: report.notice };
}

/** The sizes of devices that fit a result, or saved work. */
export async function runPlanDevices(folder: string, options: DevicesOptions): Promise<CommandOutput> {
  const { tables, origin } = await deviceTables(options.devices);
  const { plan, notice } = (await isFile(folder))
    ? await savedPlan(folder, { ...options, tables })
    : await resultPlan(folder, options.landingZone ?? null, tables);
  const { devices, landingZoneMm, ostiumDistances } = planInWords(plan);
  const sources = plan.devices.map(
    ({ name, source: { title, version, isVerified } }) =>
      `Source             ${name}: ${title}, ${version}${isVerified ? '' : '; not compared with the manufacturer’s instructions'}`,
  );
  return {
    json: { notice, tables: origin, landingZoneMm, devices, ostiumDistances },
    text: [...deviceLines(plan.devices), ...ostiumDistanceLines(plan), ...sources, notice].join('\n'),
  };
}

interface DeviceOptions extends DevicesOptions {
  readonly table: string;
  readonly size: string;
  readonly depthMm?: number;
  readonly tilt?: [number, number];
  readonly mesh?: string;
}

/** A device of a table placed in a result, with what is measured of it there. */
export async function runPlanDevice(folder: string, options: DeviceOptions): Promise<CommandOutput> {
  const { table, size, depthMm = null, tilt = [0, 0], landingZone = null, mesh: meshFile } = options;
  const { tables } = await deviceTables(options.devices);
  const asked = { table, size, depthMm, tiltDegrees: tilt };
  const { device, mesh, notice } = (await isFile(folder))
    ? await deviceInSavedWork(folder, { ...options, tables, device: asked })
    : await deviceInResult(folder, { ...asked, tables, landingZoneMm: landingZone });
  if (meshFile !== undefined) {
    const name = basename(meshFile);
    const content = encodeSurface(mesh, name, { label: 'virtual device, schematic', isSolid: true });
    await writeFilesTogether(dirname(meshFile), new Map([[name, content]]));
  }
  return {
    json: { notice, use: 'research display only', device: virtualDeviceInWords(device) },
    text: [...virtualDeviceLines(device), notice].join('\n'),
  };
}

async function deviceInSavedWork(file: string, options: SavedPlanOptions): Promise<DeviceInResult> {
  const { plan, measurements, deviceMesh, notice } = await savedPlan(file, options);
  const device = plan.virtualDevice;
  // Where an ostium is, what was asked for is placed, or refused.
  if (!device || !deviceMesh)
    throw new UserError(measurements.withheld.depthMm ?? failure('measure.no-ostium'));
  return { device, mesh: deviceMesh, notice };
}

interface ProfileOptions extends PlanOptions {
  readonly centreLine?: string;
  readonly landmarks?: string;
}

/** The sizes along the centre line, as CSV; by a reader's line and landmarks where their files are named. */
export async function runPlanProfile(folder: string, options: ProfileOptions = {}): Promise<CommandOutput> {
  const { profile, ostium } = (await isFile(folder))
    ? await savedProfile(folder, options)
    : await replannedResult(folder, options);
  if (profile.withheld) throw new UserError(profile.withheld);
  const inWords = planInWords({
    profile,
    landingZoneMm: null,
    devices: [],
    virtualDevice: null,
    ostiumDistances: [],
  }).profile;
  return {
    json: options.landmarks === undefined ? inWords : { ...inWords, ostium },
    text: profileCsv(profile).trimEnd(),
  };
}

/** @throws UserError for a file of points: saved work has those of its reader */
async function savedProfile(file: string, { centreLine, landmarks }: ProfileOptions) {
  if (centreLine !== undefined || landmarks !== undefined) {
    const option = centreLine === undefined ? '--landmarks' : '--centre-line';
    throw new UserError(failure('report.option-of-results', { option }));
  }
  const { plan, measurements } = await savedPlan(file, { tables: [] });
  return { profile: plan.profile, ostium: measurements.ostium };
}

interface ReformatOptions extends PlanOptions {
  readonly dicom?: string;
  readonly output: string;
  readonly centreLine?: string;
  readonly turn: number;
  readonly landingZone?: number;
  readonly window: Parameters<typeof straightenedPicture>[1]['window'];
}

/** The scan straightened along the centre line, as a PNG. */
export async function runPlanReformat(
  folder: string,
  options: ReformatOptions,
  context: CommandContext,
): Promise<CommandOutput> {
  const { dicom, output, centreLine, turn, landingZone, window } = options;
  const name = basename(output);
  const picture = (of: Parameters<typeof straightenedPicture>[0], zoneMm: number | null) =>
    straightenedPicture(of, {
      turnDegrees: turn,
      landingZoneMm: landingZone ?? zoneMm ?? USUAL_LANDING_MM,
      window,
    });
  let made: ReturnType<typeof picture>;
  if (await isFile(folder)) {
    const saved = await savedReformat(folder, options);
    made = picture(saved, saved.landingZoneMm);
  } else {
    if (dicom === undefined) throw new UserError(failure('planning.reformat-needs-scan'));
    made = picture(await straightenedResult(folder, dicom, centreLine, context), null);
  }
  const { png, frame, depthMm } = made;
  await writeFilesTogether(dirname(output), new Map([[name, png]]));
  const { columns, rows, fromMm, mmPerPixel } = frame;
  return {
    json: { file: name, columns, rows, fromMm, mmPerPixel, turnDegrees: turn, depthMm, window },
    text: `${name}: ${columns} × ${rows} pixels of ${mmPerPixel.toFixed(3)} mm, the ostium ${(-fromMm).toFixed(0)} mm from the left edge; research use only`,
  };
}

/** Saved work holds the scan's own voxels around the appendage, and the line of its reader. @throws UserError for options of results */
async function savedReformat(file: string, { dicom, centreLine }: ReformatOptions) {
  const option = dicom !== undefined ? '--dicom' : '--centre-line';
  if (dicom !== undefined || centreLine !== undefined)
    throw new UserError(failure('report.option-of-results', { option }));
  const saved = readSavedWork(await savedArchive(file));
  const { plan, measurements } = reportOfSaved(saved, {
    letterhead: NO_LETTERHEAD,
    tables: [],
    landingZoneMm: null,
    device: null,
    savedWork: [],
  });
  if (!plan) throw new UserError(failure('measure.no-ostium'));
  return {
    profile: plan.profile,
    ostium: measurements.ostium,
    closed: saved.appendage.closed,
    volume: saved.crop,
    landingZoneMm: saved.head.landingZoneMm,
  };
}

const STEP_DEGREES = 5;
const DEVICE_DEPTH =
  'where its widest circumference lies, mm beyond the ostium along the centre line; by default at the landing zone';

/** The C-arm views perpendicular to the ostium's axis, and how far the common ones are from that. */
export async function runPlanViews(folder: string): Promise<CommandOutput> {
  const { measurements, notice } = (await isFile(folder))
    ? await savedPlan(folder, { tables: [] })
    : await readPlannedResult(folder);
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

const RESULT_OR_SAVED =
  'the folder that auricle segment wrote, or the file of saved work (auricle report saved)';
const CENTRE_LINE = 'a corrected centre line: its points in LPS mm, from the ostium to the tip';

/** Adds `auricle plan`. */
export function registerPlanCommand(program: Command): void {
  const plan = program
    .command('plan')
    .description('what an occluder is planned by, from a result of auricle segment; research display only');
  const add = (name: string, description: string, what = RESULT_OR_SAVED): Command =>
    plan
      .command(name)
      .description(description)
      .argument('<result>', what)
      .option('--json', 'print the result as JSON');
  add('devices', 'the sizes of devices that fit, with their compression')
    .option('--devices <dir>', DEVICES_FOLDER)
    .option('--landing-zone <mm>', LANDING_ZONE, parseLandingZone)
    .action((folder: string, options: DevicesOptions) =>
      runCommand(options, () => runPlanDevices(folder, options)),
    );
  add('device', 'a device placed along the centre line: compression, protrusion, overlap, depth, distances')
    .requiredOption('--table <name>', 'the device, as its table names it: "Watchman FLX"')
    .requiredOption('--size <label>', 'its size, as the table labels it: "24 mm"')
    .option('--depth-mm <mm>', DEVICE_DEPTH, nonNegativeNumber)
    .option('--tilt <a,b>', 'how its axis leans from the centre line, two angles in degrees', parseTilt)
    .option('--mesh <file>', 'writes its surface, LPS mm; the ending says the format (.stl, .vtp, …)')
    .option('--devices <dir>', DEVICES_FOLDER)
    .option('--landing-zone <mm>', LANDING_ZONE, parseLandingZone)
    .action((folder: string, options: DeviceOptions) =>
      runCommand(options, () => runPlanDevice(folder, options)),
    );
  add('profile', 'diameters, area and perimeter along the centre line, as CSV')
    .option('--centre-line <file>', CENTRE_LINE)
    .option(
      '--landmarks <file>',
      'left upper ridge and circumflex artery: the ostium plane goes through them',
    )
    .action((folder: string, options: ProfileOptions) =>
      runCommand(options, () => runPlanProfile(folder, options)),
    );
  add('reformat', 'the scan straightened along the centre line, as a PNG')
    .option('--dicom <dir>', 'the scan that the result was made of; saved work holds what it needs of it')
    .requiredOption('-o, --output <file>', 'the picture')
    .option('--centre-line <file>', CENTRE_LINE)
    .option('--turn <degrees>', 'turned about the line', parseDegrees, 0)
    .option(
      '--landing-zone <mm>',
      `which landing zone is marked; by default ${USUAL_LANDING_MM}, or as saved`,
      parseLandingZone,
    )
    .option('--window <width/centre>', 'HU', parseWindow, { widthHu: 800, centreHu: 250 })
    .action((folder: string, options: ReformatOptions) =>
      runCommand(options, (context) => runPlanReformat(folder, options, context)),
    );
  add('views', 'the C-arm views perpendicular to the axis of the ostium').action(
    (folder: string, options: PlanOptions) => runCommand(options, () => runPlanViews(folder)),
  );
}
