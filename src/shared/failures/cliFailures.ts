import type { FailureDeclarations } from './declaration.ts';

/** The command line: options that contradict each other, files that cannot be read. */
export const cliFailures = {
  'cli.one-mask': {},
  'cli.in-file': { fileName: 'text', reason: 'failure' },
  'cli.no-models-to-verify': {},
  'cli.models-unsound': { problems: 'failures' },
  'cli.model-not-written': { folder: 'text' },
  'cli.seeds-too-large': {},
  'cli.recipe-unreadable': { fileName: 'text' },
  'cli.recipe-of-other-kind': {
    recipe: 'text',
    recipeKind: ['region', 'nudf', 'surroundings'],
    wanted: ['region', 'nudf', 'surroundings'],
  },
  'cli.start-model-differs': { recipe: 'text', model: 'text' },
  'cli.pack-without-recipe': {},
  /** A path that was named, by its base name. */
  'cli.nothing-there': { name: 'text' },
  'cli.no-folder': {},
  'cli.no-dicom-server': {},
  'cli.no-called-title': {},
  'cli.certificate-without-tls': {},
  'cli.certificate-without-key': {},
  'cli.no-password': {},
  'cli.no-study-matches': {},
  'cli.several-studies-match': {},
} as const satisfies FailureDeclarations;
