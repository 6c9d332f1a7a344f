import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import type { Command } from 'commander';
import { givenFilling } from '#shared/contract/report.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import type { ModelFormat, ResultFolder, WrittenObject } from '../dicomObjects/index.ts';
import type { SavedObjects } from '../exporting/index.ts';
import { savedSummaries } from '../home/sessionSummaries.ts';
import { labelsInSlices } from '../interchange/gzipSlices.ts';
import { encodeNrrd } from '../interchange/nrrd.ts';
import { encodeStl } from '../interchange/stl.ts';
import { writeFilesTogether } from '../pipeline/outputFolder.ts';
import { deviceTables } from '../planning/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { registerAnonymiseCommand } from './dicomAnonymise.ts';
import { registerListCommand } from './dicomList.ts';
import { DEVICES_FOLDER, positiveInteger } from './optionValues.ts';
import { isFile, savedFile, usualDataFolder } from './savedWorkFile.ts';

interface ObjectOptions {
  readonly output: string;
  readonly devices?: string;
  readonly json?: boolean;
}

interface SegmentationOptions extends ObjectOptions {
  readonly labelMap?: boolean;
}

/** The writers, loaded when they are needed: dcmjs takes a tenth of a second to start. */
type Objects = typeof import('../dicomObjects/index.ts');
interface ReportOptions extends ObjectOptions {
  readonly segmentation?: string;
  readonly phases?: string;
}

interface CaptureOptions extends ObjectOptions {
  readonly picture?: string;
  readonly pdf?: string;
  readonly namesPatient?: boolean;
}

interface ModelOptions extends ObjectOptions {
  readonly openWall?: boolean;
}

type Made = WrittenObject | readonly WrittenObject[];

/** How an object is made of a result, and of saved work. */
interface Make {
  /** Whether it says something of a placed device: only then a table that is damaged stands in the way. */
  readonly namesDevice?: boolean;
  ofResult(result: ResultFolder, objects: Objects): Made | Promise<Made>;
  ofSavedWork(saved: SavedObjects, objects: Objects): Made | Promise<Made>;
}

/** Makes an object of a result or of saved work and writes it; several get numbers before the ending of the file's name. */
async function runObject(
  dicomFolder: string,
  resultFolder: string,
  { output, devices }: ObjectOptions,
  make: Make,
  context: CommandContext,
): Promise<CommandOutput> {
  const objects = await import('../dicomObjects/index.ts');
  const made = (await isFile(resultFolder))
    ? await make.ofSavedWork(
        await savedObjects(resultFolder, dicomFolder, make.namesDevice ? devices : null, context),
        objects,
      )
    : await make.ofResult(await objects.readResultFolder(dicomFolder, resultFolder, context), objects);
  return writtenObjects([made].flat(), output, objects);
}

async function savedObjects(
  file: string,
  dicomFolder: string,
  devices: string | undefined | null,
  context: CommandContext,
): Promise<SavedObjects> {
  const { state: archive, savedAt } = await savedFile(file);
  const { tables } = devices === null ? { tables: [] } : await deviceTables(devices);
  const savedWork = await savedSummaries(usualDataFolder());
  const { openSavedWorkObjects } = await import('../exporting/index.ts');
  return openSavedWorkObjects(
    { name: basename(file), archive, savedAt },
    dicomFolder,
    { tables, savedWork },
    context,
  );
}

/** Writes them; several get numbers before the ending of the file's name. */
async function writtenObjects(
  made: readonly WrittenObject[],
  output: string,
  objects: Objects,
): Promise<CommandOutput> {
  const { dir, name, ext } = parse(output);
  const written = made.map((object, at) => ({
    ...object,
    file: made.length === 1 ? output : join(dir, `${name}-${at + 1}${ext}`),
  }));
  for (const { file, sopClassUid } of written) await refuseToReplace(file, sopClassUid, objects);
  await writeFilesTogether(
    dirname(output),
    new Map(written.map(({ file, bytes }) => [basename(file), bytes])),
  );
  const json = written.map(({ bytes: _, ...described }) => described);
  return {
    json: json.length === 1 ? json[0] : { objects: json },
    text: written
      .map(
        ({ file, bytes, sopInstanceUid }) =>
          `${basename(file)}: ${bytes.length} bytes, SOP instance ${sopInstanceUid}`,
      )
      .join('\n'),
  };
}

/** Throws a UserError where another file than an earlier object of the same class would be lost, a slice of the scan, say. */
async function refuseToReplace(file: string, sopClassUid: string, { isOwnObject }: Objects): Promise<void> {
  // What cannot be looked at cannot be written either, and writing says why.
  const found = await stat(file).catch(() => null);
  if (found === null) return;
  const isOwn = found.isFile() && isOwnObject(await fileBytes(file), sopClassUid);
  if (!isOwn) throw new UserError(failure('objects.not-replaced', { fileName: basename(file) }));
}

const segmentation = (isLabelMap: boolean): Make => ({
  ofResult: ({ mask, context }, { writeSegmentation }) =>
    writeSegmentation(labelsInSlices(mask), context, isLabelMap ? 'LABELMAP' : 'BINARY'),
  ofSavedWork: ({ make }) => make(isLabelMap ? 'dicom-labelmap' : 'dicom-seg'),
});

const model = (format: ModelFormat, isOpenWall: boolean): Make => {
  const made = (
    { closed, wall, context }: Pick<ResultFolder, 'closed' | 'wall' | 'context'>,
    { writeEncapsulatedModel }: Objects,
  ): WrittenObject => {
    if (isOpenWall && wall === null) throw new UserError(failure('export.wall-without-ostium'));
    const chosen =
      isOpenWall && wall !== null
        ? { mesh: wall, label: 'open wall' }
        : { mesh: closed, label: 'closed lumen' };
    return writeEncapsulatedModel(chosen, format, context);
  };
  return { ofResult: made, ofSavedWork: made };
};

const measurementReport = ({
  segmentation: segmentationFile,
  phases: phasesFolder,
}: ReportOptions): Make => ({
  namesDevice: true,
  async ofResult(
    { report, closed, wall, context, folder },
    { rimOf, segmentationReference, writeMeasurementReport },
  ) {
    const { ostium, landingZones, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 } = report;
    const segmentation =
      segmentationFile === undefined
        ? null
        : segmentationReference(await fileBytes(segmentationFile), basename(segmentationFile), context);
    const { phasesBeside, phasesOfResult } = await import('../exporting/index.ts');
    const { seriesInstanceUid } = report.source;
    const phases = await (phasesFolder === undefined
      ? phasesBeside(folder, seriesInstanceUid)
      : phasesOfResult(phasesFolder, seriesInstanceUid));
    return writeMeasurementReport(
      {
        measurements: { ostium, landingZones, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 },
        contrast: report.contrast,
        filling: givenFilling(report, report),
        warnings: report.warnings,
        ostiumDistances: report.planning?.ostiumDistances ?? [],
        heartPhase: report.source.heartPhase ?? null,
        phases,
        surface: { closed, rimLpsMm: wall && rimOf(wall) },
        segmentation,
      },
      context,
    );
  },
  async ofSavedWork({ make, context }, { segmentationReference }) {
    if (phasesFolder !== undefined)
      throw new UserError(failure('report.option-of-results', { option: '--phases' }));
    const referTo =
      segmentationFile === undefined
        ? null
        : segmentationReference(await fileBytes(segmentationFile), basename(segmentationFile), context);
    return make('dicom-sr', referTo);
  },
});

const capture = (options: CaptureOptions): Make => {
  const { picture, pdf, namesPatient = false } = options;
  const made = async (
    { previewPng, folderName, context }: Pick<ResultFolder, 'previewPng' | 'folderName' | 'context'>,
    { pdfPages, writeReportPage, writeSecondaryCapture }: Objects,
  ): Promise<Made> => {
    if (pdf !== undefined) {
      const images = await pdfPages(await fileBytes(pdf), basename(pdf));
      return images.map((image, at) =>
        writeReportPage({ image, namesPatient, number: at + 1, pages: images.length }, context),
      );
    }
    const png = picture === undefined ? previewPng : await fileBytes(picture);
    if (png === null) throw new UserError(failure('objects.no-picture', { folder: folderName }));
    const caption = picture === undefined ? 'Slices, surface and measures' : 'Picture';
    return writeSecondaryCapture({ png, caption, namesPatient, number: 1 }, context);
  };
  return {
    namesDevice: true,
    ofResult: made,
    // It holds no picture of itself: the pages of its report are taken, which name the patient.
    ofSavedWork: ({ make, context }, objects) =>
      picture === undefined && pdf === undefined
        ? make('dicom-report')
        : made({ previewPng: null, folderName: '', context }, objects),
  };
};

const fileBytes = (path: string): Promise<Uint8Array> =>
  readFile(path).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName: basename(path) }));
  });

interface ReadOptions extends ObjectOptions {
  readonly label?: number;
}

/** Reads a segmentation and writes it as mask and surface, as `auricle segment` names them. */
async function runRead(
  file: string,
  dicomFolder: string,
  { output, label }: ReadOptions,
  context: CommandContext,
): Promise<CommandOutput> {
  const { segmentationOfScan } = await import('../dicomObjects/index.ts');
  const name = basename(file);
  const read = await segmentationOfScan(await fileBytes(file), name, dicomFolder, label, context);
  const voxels = read.mask.data.reduce((sum, value) => sum + value, 0);
  await writeFilesTogether(
    output,
    new Map([
      ['mask.nrrd', encodeNrrd(read.mask)],
      ['laa-closed.stl', encodeStl(read.surface, 'closed lumen, research use only')],
    ]),
  );
  const { label: value, labelName, volumeMl, warnings } = read;
  return {
    warnings,
    json: {
      label: value,
      labelName,
      voxels,
      volumeMl,
      faces: read.surface.triangles.length / 3,
      warnings: warnings.map((warning) => words().sentence(warning)),
    },
    text: `Label ${value}${labelName === '' ? '' : ` (${labelName})`}: ${voxels} voxels, ${volumeMl.toFixed(2)} mL`,
  };
}

/** Adds `auricle dicom` with its commands. */
export function registerDicomCommand(program: Command): void {
  const dicom = program
    .command('dicom')
    .description('series in folders; results as DICOM objects, for archives and viewers');
  const command = <T extends ObjectOptions>(name: string, description: string, make: (options: T) => Make) =>
    dicom
      .command(name)
      .description(description)
      .argument('<dicom-dir>', 'folder with the scan')
      .argument(
        '<result>',
        'the folder that "auricle segment" wrote for it, or the file of saved work (auricle report saved)',
      )
      .requiredOption('-o, --output <file>', 'the DICOM file to write')
      .option('--json', 'print file and UIDs as JSON')
      .action((dicomFolder: string, resultFolder: string, options: T) =>
        runCommand(options, (context) =>
          runObject(dicomFolder, resultFolder, options, make(options), context),
        ),
      );
  command('seg', 'the appendage as DICOM Segmentation', ({ labelMap }: SegmentationOptions) =>
    segmentation(labelMap === true),
  ).option('--label-map', 'as Label Map Segmentation, which few viewers read yet');
  for (const format of ['stl', 'obj'] as const) {
    command(format, `the surface as Encapsulated ${format.toUpperCase()}`, ({ openWall }: ModelOptions) =>
      model(format, openWall === true),
    ).option('--open-wall', 'the open wall in place of the closed lumen');
  }
  command('sr', 'the measures as Structured Report (TID 1500)', (options: ReportOptions) =>
    measurementReport(options),
  )
    .option('--segmentation <file>', 'what "auricle dicom seg" wrote; the report refers to it')
    .option(
      '--phases <dir>',
      'what "auricle phases" wrote: the sizes of all phases; known of a result that lies there',
    )
    .option('--devices <dir>', `${DEVICES_FOLDER}; of the device that was placed in saved work`);
  command(
    'capture',
    'the picture of the result as Secondary Capture, or the pages of the report of saved work',
    capture,
  )
    .option('--picture <png>', 'another picture')
    .option('--pdf <file>', 'the pages of a report, each as an object of its own, numbered')
    .option('--names-patient', 'the picture or report shows who the patient is (Burned In Annotation YES)');
  dicom
    .command('read')
    .description('a DICOM Segmentation of any maker as mask and surface on the grid of its scan')
    .argument('<segmentation>', 'the file')
    .argument('<dicom-dir>', 'folder with the scan')
    .requiredOption('-o, --output <dir>', 'where mask.nrrd and laa-closed.stl go')
    .option('--label <n>', 'the segment, where several are there', positiveInteger)
    .option('--json', 'print what was read as JSON')
    .action((file: string, dicomFolder: string, options: ReadOptions) =>
      runCommand(options, (context) => runRead(file, dicomFolder, options, context)),
    );
  registerListCommand(dicom);
  registerAnonymiseCommand(dicom);
}
