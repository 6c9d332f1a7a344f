import type { cliFailures } from '../../failures/cliFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const cliWords: WordsFor<keyof typeof cliFailures> = {
  'cli.one-mask': () => 'Give both --pred-mask and --truth-mask, or neither.',
  'cli.in-file': ({ fileName, reason }, { sentence }) => ({
    sentence: `${fileName}: ${sentence(reason)}`,
    clause: `${fileName}: ${sentence(reason)}`.replace(/\.$/, ''),
  }),
  'cli.no-models-to-verify': () => 'There are no models to verify.',
  'cli.models-unsound': ({ problems }, { sentence }) => problems.map(sentence).join(' '),
  'cli.model-not-written': ({ folder }) => `The model cannot be written to "${folder}".`,
  'cli.seeds-too-large': () => 'The seeds go beyond 4294967295; take a lower seed or a smaller count.',
  'cli.recipe-unreadable': ({ fileName }) => `The recipe ${fileName} cannot be read.`,
  'cli.recipe-of-other-kind': ({ recipe, recipeKind, wanted }) =>
    `The recipe ${recipe} trains a ${recipeKind} model, not a ${wanted} one.`,
  'cli.start-model-differs': ({ recipe, model }) =>
    `The recipe ${recipe} begins with another version of ${model} than the one here.`,
  'cli.pack-without-recipe': () => 'Name the recipe of this training with --recipe.',
  'cli.nothing-there': ({ name }) => `There is no file or folder "${name}".`,
  'cli.no-folder': () => 'Name the folder with the CT.',
  'cli.no-dicom-server': () => 'Name one DICOM server, with --url or with --node.',
  'cli.certificate-without-tls': () =>
    'Certificates mean something for an encrypted connection only: add --tls.',
  'cli.certificate-without-key': () => 'Name our certificate and its key, with --certificate and --key.',
  'cli.no-called-title': () => "Name the node's AE title with --called.",
  'cli.no-password': () => 'Give the password in AURICLE_DICOM_PASSWORD or with --password-stdin.',
  'cli.no-study-matches': () => 'No study of the server matches.',
  'cli.several-studies-match': () =>
    'Several studies match; auricle find lists them, and --study names the one to fetch.',
};
