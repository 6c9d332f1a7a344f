import { Command } from 'commander';
import { expect, it } from 'vitest';
import { registerReportCommand } from './report.ts';

it('refuses a hospital’s name that would run off the page', () => {
  const program = new Command();
  registerReportCommand(program);
  const report = program.commands.find((command) => command.name() === 'report');
  const make = report?.commands.find((command) => command.name() === 'make');
  const errors: string[] = [];
  make?.exitOverride().configureOutput({ writeErr: (text) => errors.push(text) });
  const parse = (name: string) => make?.parseOptions(['--hospital', name]);
  expect(() => parse('x'.repeat(161))).toThrow('At most 160 characters fit.');
  parse('x'.repeat(160));
  expect(make?.opts()).toMatchObject({ hospital: 'x'.repeat(160) });
});
