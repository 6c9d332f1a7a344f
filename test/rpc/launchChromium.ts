import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Chromium with its security as users have it: the package's arguments for other surroundings are left out. */
export const launchChromium = async (further: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [
      ...sparticuz.args.filter((argument) => !/web-security|isolat|single-process|zygote/.test(argument)),
      ...further,
    ],
  });
