import { expect, it } from 'vitest';
import { readmeCommands, withOption } from './readmeCommands.ts';

const README = `# Program

## Use

Text.

\`\`\`
node bin/auricle.js a --points 5 \\
  -o out        # a remark
other b
\`\`\`

## Nothing
`;

it('reads the commands below a heading, long ones and all', () => {
  expect(readmeCommands(README, '## Use')).toEqual([
    ['a', '--points', '5', '-o', 'out'],
    ['other', 'b'],
  ]);
  expect(() => readmeCommands(README, '## Nothing')).toThrow('no commands');
  expect(() => readmeCommands(README, '## Missing')).toThrow('no commands');
});

it('replaces the value of an option that is there', () => {
  expect(withOption(['a', '--points', '5', 'b'], '--points', '7')).toEqual(['a', '--points', '7', 'b']);
  expect(withOption(['a'], '--points', '7')).toEqual(['a']);
});
