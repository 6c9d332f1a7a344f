import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from './command.ts';

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
});
