import { Command } from 'commander';
import { version } from '../../package.json';

const program = new Command('auricle')
  .description(
    'Segments and measures the left atrial appendage in contrast CT with neural unsigned distance fields.\n' +
      'Research use only: not for clinical decisions.',
  )
  .version(version)
  .showHelpAfterError('(auricle --help shows the commands)');

await program.parseAsync();
