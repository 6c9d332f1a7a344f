import { Command } from 'commander';
import { version } from '../../package.json';
import { registerCommands } from './cli/commands.ts';
import { withReferenceOptions } from './cli/referenceOptions.ts';

const program = new Command('auricle')
  .description(
    'Segments and measures the left atrial appendage in contrast CT with neural unsigned distance fields.\n' +
      'Research use only: not for clinical decisions.',
  )
  .version(version)
  // What follows a subcommand is its own: `train` and `train nudf` both have an --output.
  .enablePositionalOptions()
  .configureOutput({
    // What commander itself refuses is printed like all other failures, for people and for machines.
    outputError(text, write) {
      const message = text.replace(/^error: /, '').trim();
      if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: message })}\n`);
      write(`auricle: ${message}\n`);
    },
  });

const words = process.argv.slice(2);
await registerCommands(program, words);
// An empty path would mean the current folder, and files would be written into it.
if (words.some((word) => word === '' || /^--[\w-]+=$/.test(word))) {
  program.error('an argument is empty, perhaps from a variable that is not set');
}

if (process.channel) {
  // A cohort's worker started this program and has ended: nobody waits for the result.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

await program.parseAsync(withReferenceOptions(program, words), { from: 'user' });
