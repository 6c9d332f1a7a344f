import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { withReferenceOptions } from './referenceOptions.ts';

function program(): Command {
  const root = new Command('auricle').exitOverride();
  root
    .command('train')
    .option('--std-dev <category...>')
    .option('--dist <share...>')
    .option('--res <voxels>')
    .option('-m, --model <name>')
    .option('--batch-size <n>')
    .option('-o, --output <dir>')
    .action(() => undefined);
  root.command('mesh').option('--batch <n>');
  return root;
}

const rewritten = (line: string): string => withReferenceOptions(program(), line.split(' ')).join(' ');

describe('withReferenceOptions', () => {
  it('lets commander read the paper’s command', () => {
    const root = program();
    const line = 'train -std_dev in1 out1 0.0 -dist 0.45 0.45 0.1 -res 64 -m ShapeNet64Vox -batch_size 5';
    root.parse(withReferenceOptions(root, line.split(' ')), { from: 'user' });
    expect(root.commands[0]!.opts()).toEqual({
      stdDev: ['in1', 'out1', '0.0'],
      dist: ['0.45', '0.45', '0.1'],
      res: '64',
      model: 'ShapeNet64Vox',
      batchSize: '5',
    });
  });

  it('accepts two dashes, underscores and an equals sign', () => {
    expect(rewritten('train --std_dev in1 --batch-size=5 -batch_size=6')).toBe(
      'train --std-dev in1 --batch-size=5 --batch-size=6',
    );
  });

  it('leaves alone what is no option of the command', () => {
    for (const line of [
      'train -ofolder -m x --other_name 1 -0.5',
      'mesh -batch_size 5',
      '-std_dev in1',
      'train -- -res 64',
    ])
      expect(rewritten(line)).toBe(line);
  });
});
