import { Command } from 'commander';
import { version } from '../../package.json';
import { registerCohortCommand } from './cli/cohort.ts';
import { registerDemoCommand } from './cli/demo.ts';
import { registerDicomCommand } from './cli/dicom.ts';
import { registerEvaluateCommand } from './cli/evaluate.ts';
import { registerFetchCommand } from './cli/fetch.ts';
import { registerFindCommand } from './cli/find.ts';
import { registerMeshCommand } from './cli/mesh.ts';
import { registerModelCommand } from './cli/model.ts';
import { registerNodeCommand } from './cli/node.ts';
import { registerPhantomCommand } from './cli/phantom.ts';
import { registerPredictCommand } from './cli/predict.ts';
import { registerPrepareCommand } from './cli/prepare.ts';
import { withReferenceOptions } from './cli/referenceOptions.ts';
import { registerSegmentCommand } from './cli/segment.ts';
import { registerStoreCommand } from './cli/store.ts';
import { registerTrainCommand } from './cli/train.ts';

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

registerSegmentCommand(program);
registerPhantomCommand(program);
registerEvaluateCommand(program);
registerDemoCommand(program);
registerPrepareCommand(program);
registerTrainCommand(program);
registerPredictCommand(program);
registerMeshCommand(program);
registerModelCommand(program);
registerCohortCommand(program);
registerDicomCommand(program);
registerFindCommand(program);
registerFetchCommand(program);
registerStoreCommand(program);
registerNodeCommand(program);

if (process.channel) {
  // A cohort's worker started this program and has ended: nobody waits for the result.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

await program.parseAsync(withReferenceOptions(program, process.argv.slice(2)), { from: 'user' });
