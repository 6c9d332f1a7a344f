import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltProgram, builtProgram, type CommandLines, startCommandLines } from './builtProgram.ts';

let program: BuiltProgram;
let commands: CommandLines;
beforeAll(async () => {
  program = await builtProgram();
  commands = startCommandLines(program.file);
});
afterAll(async () => {
  commands.stop();
  await program.remove();
});

describe('what the command line does not know', () => {
  it.each([
    { args: ['segmentt'], says: /unknown command 'segmentt'/ },
    { args: ['segment', '.', '-o', 'out', '--engine', 'abacus'], says: /'abacus' is invalid.*webgpu/ },
    { args: ['segment', '.', '-o', ''], says: /an argument is empty/ },
    { args: ['segment', '.'], says: /required option '-o, --output <dir>' not specified/ },
  ])('is refused: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await commands.run(...args, '--json');
    expect(stderr.replaceAll('\n', ' ')).toMatch(says);
    expect(`auricle: ${(JSON.parse(stdout) as { error: string }).error}\n`).toBe(stderr);
    expect(code).toBe(1);
  });
});

describe('--help', () => {
  const COMMANDS = [
    '',
    'segment',
    'phantom',
    'demo',
    'evaluate',
    'compare',
    'remesh',
    'train',
    'train region',
    'train nudf',
    'model',
    'model list',
    'model verify',
    'model export',
    'model pack',
  ];
  it.each(COMMANDS)('of auricle %s', async (command) => {
    const { code, stdout, stderr } = await commands.run(...[...command.split(' '), '--help'].filter(Boolean));
    expect(stdout).toMatch(new RegExp(`^Usage: auricle ${command}`));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
