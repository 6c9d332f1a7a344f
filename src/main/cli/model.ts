import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { trainingInWords } from '#shared/modelTraining.ts';
import { type FamilyHead, parseFamilyHeads } from '#shared/nudf/family/familyHeads.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { words } from '#shared/words/words.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { importModel } from '../models/importModel.ts';
import { importedModelsFolder } from '../models/modelFolder.ts';
import { modelOnnx, modelParameterCount } from '../models/modelNetwork.ts';
import { BUNDLED_MODEL_IDS, listModels, loadModel, type ModelListing } from '../models/modelRegistry.ts';
import { writeModel } from '../models/packModel.ts';
import { trainedModel } from '../models/trainedModel.ts';
import { type CommandOutput, runCommand } from './command.ts';

const isDefault = (id: string): boolean => Object.values(BUNDLED_MODEL_IDS).includes(id);

function listingLine(listing: ModelListing): string {
  if ('problem' in listing) return `${listing.id}  unreadable: ${words('en').sentence(listing.problem)}`;
  const { manifest } = listing;
  const { id, kind, version, spec } = manifest;
  const millions = (modelParameterCount(spec) / 1e6).toFixed(2);
  const network = manifest.kind === 'family' ? `${manifest.spec.name} (${manifest.heads.join(', ')}), ` : '';
  return `${id}  ${kind}  ${version}  ${network}${millions} M parameters, ${trainingInWords(manifest)}${isDefault(id) ? '  (default)' : ''}`;
}

async function list(): Promise<CommandOutput> {
  const listings = await listModels();
  const text = listings.map(listingLine).join('\n') || 'There are no models.';
  const json = listings.map((listing) => ({
    id: listing.id,
    ...('problem' in listing
      ? { problem: words('en').sentence(listing.problem) }
      : { manifest: listing.manifest }),
    default: isDefault(listing.id),
  }));
  return { json, text };
}

/** Every model's checksum, names and shapes; a failure where one does not hold. */
async function verify(id: string | undefined): Promise<CommandOutput> {
  const ids = id === undefined ? (await listModels()).map((listing) => listing.id) : [id];
  if (ids.length === 0) throw new UserError(failure('cli.no-models-to-verify'));
  const problems: Failure[] = [];
  const verified: { id: string; sha256: string }[] = [];
  for (const each of ids) {
    try {
      const { manifest } = await loadModel(each);
      verified.push({ id: each, sha256: manifest.sha256 });
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      problems.push(thrown.failure);
    }
  }
  if (problems.length > 0) throw new UserError(failure('cli.models-unsound', { problems }));
  return { json: verified, text: verified.map((model) => `${model.id}  ${model.sha256}  ok`).join('\n') };
}

type ExportFormat = 'onnx' | 'safetensors';

/** The files of an exported model, by name. */
async function exportedFiles(id: string, format: ExportFormat): Promise<ReadonlyMap<string, Uint8Array>> {
  const { manifest, weights, fileBytes } = await loadModel(id);
  if (format === 'safetensors') return new Map([[`${id}.safetensors`, fileBytes]]);
  const parts = modelOnnx(manifest.spec, weights);
  return new Map([...parts].map(([part, bytes]) => [`${id}.${part}.onnx`, bytes]));
}

async function exportModel(id: string, format: ExportFormat, folder: string): Promise<CommandOutput> {
  const files = await exportedFiles(id, format);
  try {
    await makeFolder(folder);
    for (const [name, bytes] of files) await writeWhole(join(folder, name), bytes);
  } catch {
    throw new UserError(failure('cli.model-not-written', { folder: basename(folder) }));
  }
  const names = [...files.keys()];
  return { json: { id, format, files: names }, text: names.join('\n') };
}

interface FamilyOptions {
  readonly heads?: readonly FamilyHead[];
  readonly alignCorners?: boolean;
  readonly trainedOn?: string;
  readonly id?: string;
  readonly replace?: boolean;
  readonly date?: string;
}

interface ImportOptions extends FamilyOptions {
  readonly modelVersion?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** The output's names as `--heads` spells them. */
function parseHeads(text: string): readonly FamilyHead[] {
  const heads = parseFamilyHeads(text);
  if (heads === undefined) {
    throw new InvalidArgumentError('One of unsigned; signed; signed,class; unsigned,class is needed.');
  }
  return heads;
}

async function importFamily(file: string, options: ImportOptions): Promise<CommandOutput> {
  const { output, alignCorners } = options;
  const manifest = await importModel(file, output ?? importedModelsFolder(), {
    ...withoutUndefined({
      alignCorners,
      id: options.id,
      version: options.modelVersion,
      heads: options.heads,
      trainedOn: options.trainedOn,
      date: options.date,
      replace: options.replace,
    }),
  });
  return { json: manifest, text: listingLine({ id: manifest.id, folder: '', manifest }) };
}

/** Options that a checkpoint of the family needs, for it does not say them itself. */
const withFamilyOptions = (command: Command): Command =>
  command
    .option(
      '--heads <list>',
      'the outputs in order: unsigned, signed or class; by default as many have them',
      parseHeads,
    )
    .option('--align-corners', "it was trained with grid_sample's align_corners (the reference is)")
    .option('--no-align-corners', 'it was trained without')
    .option('--trained-on <text>', 'what it was trained on, in words')
    .option('--id <name>', "the model's name; by default from the network and the epoch")
    .option('--replace', 'replace a model of that name');

interface PackOptions extends FamilyOptions {
  readonly recipe?: string;
  readonly modelVersion: string;
  readonly metrics?: string;
  readonly date?: string;
  readonly revision?: string;
  readonly output: string;
  readonly json?: boolean;
}

async function pack(checkpoint: string, options: PackOptions): Promise<CommandOutput> {
  if (/\.(?:tar|pth?)$/.test(checkpoint)) return importFamily(checkpoint, options);
  if (options.recipe === undefined) throw new UserError(failure('cli.pack-without-recipe'));
  const { details, weights, card } = await trainedModel({
    checkpoint,
    recipeFile: options.recipe,
    version: options.modelVersion,
    ...withoutUndefined({ metricsFile: options.metrics, date: options.date, revision: options.revision }),
  });
  const manifest = await writeModel(options.output, details, weights, card);
  return { json: manifest, text: `${manifest.id} ${manifest.version}  ${manifest.sha256}` };
}

/** `auricle model list|verify|export|import|pack`. */
export function registerModelCommand(program: Command): void {
  const model = program.command('model').description('Show, check and export the models');
  model
    .command('list')
    .description('List the models')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => runCommand(options, list));
  model
    .command('verify')
    .description("Check the weights of one model, or of all, against their manifests' checksums")
    .argument('[id]', 'the model')
    .option('--json', 'print JSON')
    .action((id: string | undefined, options: { json?: boolean }) => runCommand(options, () => verify(id)));
  model
    .command('export')
    .description('Write a model as ONNX graphs or as its safetensors file')
    .argument('<id>', 'the model')
    .addOption(new Option('--format <format>', 'the format').choices(['onnx', 'safetensors']).default('onnx'))
    .requiredOption('-o, --output <folder>', 'the folder to write to')
    .option('--json', 'print JSON')
    .action((id: string, options: { json?: boolean; format: ExportFormat; output: string }) =>
      runCommand(options, () => exportModel(id, options.format, options.output)),
    );
  withFamilyOptions(
    model
      .command('import')
      .description(
        'Make a model of a checkpoint of auricle train, or of the NUDF family by PyTorch; nothing in the file is run',
      )
      .argument(
        '<checkpoint>',
        'checkpoint_epoch_N.tar of the dual-field network, or of ShapeNet64Vox, 128, 256 or 512',
      ),
  )
    .option('--model-version <x.y.z>', "the model's version", '1.0.0')
    .option('--date <yyyy-mm-dd>', 'the day of the import')
    .option('-o, --output <folder>', "the folder of models; by default the user's own")
    .option('--json', 'print the manifest')
    .action((file: string, options: ImportOptions) => runCommand(options, () => importFamily(file, options)));
  withFamilyOptions(
    model
      .command('pack')
      .description('Make a model of a finished training: weights, manifest with checksum, model card')
      .argument(
        '<checkpoint>',
        "the training's checkpoint: a folder, or the family's checkpoint_epoch_N.tar",
      ),
  )
    .option('--recipe <file>', 'the recipe that it was trained by (our own networks)')
    .requiredOption('--model-version <x.y.z>', "the model's version")
    .option('--metrics <file>', 'JSON of results, numbers by name')
    .option('--revision <hash>', "the project's revision that trained it")
    .option('--date <yyyy-mm-dd>', 'the day of the training')
    .requiredOption('-o, --output <folder>', 'the folder of models')
    .option('--json', 'print the manifest')
    .action((checkpoint: string, options: PackOptions) =>
      runCommand(options, () => pack(checkpoint, options)),
    );
}
