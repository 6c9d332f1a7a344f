import { afterEach, describe, expect, it, vi } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { runCommand } from './command.ts';
import { parseDegrees, parseWindow } from './optionValues.ts';

describe('runCommand', () => {
  afterEach(() => vi.restoreAllMocks());

  it('prints no warning where many threads listen to its signal', async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    await runCommand({ json: true }, async ({ signal }) => {
      for (let thread = 0; thread < 16; thread++) signal.addEventListener('abort', () => undefined);
      return { json: {}, text: '' };
    });
    expect(warned).not.toHaveBeenCalled();
  });

  it('lets no control character of a file through to the terminal', async () => {
    const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await runCommand({}, async () => ({ json: {}, text: 'CT \u001b[31mred\u0007\n\tnext' }));
    expect(printed).toHaveBeenCalledWith('CT  [31mred \n\tnext\n');
    const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const failed = failure('objects.no-picture', { folder: 'a\nauricle: all is well' });
    await runCommand({}, async () => ({ json: {}, text: '', warnings: [failed] }));
    expect(warned.mock.calls.join('').trimEnd()).not.toContain('\n');
  });
});

it('reads a window and an angle as readers write them, and refuses what is none', () => {
  expect(parseWindow('800/250')).toEqual({ widthHu: 800, centreHu: 250 });
  expect(parseWindow('1500/-600')).toEqual({ widthHu: 1500, centreHu: -600 });
  for (const wrong of ['800', '0/250', '-5/10', 'a/b', '1/2/3'])
    expect(() => parseWindow(wrong)).toThrow('Width');
  expect(parseDegrees('-45.5')).toBe(-45.5);
  for (const wrong of ['', 'x', '361']) expect(() => parseDegrees(wrong)).toThrow('360');
});
