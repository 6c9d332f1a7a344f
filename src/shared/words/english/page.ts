import type { pageFailures } from '../../failures/pageFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const pageWords: WordsFor<keyof typeof pageFailures> = {
  'page.not-built': () => "Auricle's pages are not built. Run `npm run build` first.",
  'page.port-taken': ({ port }) => `Port ${port} is taken.`,
  'page.not-ours': () => "What answers at this address is not Auricle's engine.",
  'page.engine-unreachable': () => "Auricle's engine cannot be reached. Start Auricle again.",
  'page.link-used': () =>
    'This link was used before. Start Auricle again, or return to the window that it opened.',
  'page.server-restarted': () => 'Auricle has been restarted since. Open the link that it shows now.',
  'page.no-link': () => 'Open the link that Auricle shows when it starts.',
  'page.server-restarted-meanwhile': () =>
    'Auricle was restarted: open the link that it shows, and this window continues with your work.',
  'page.engine-lost': ({ port }) =>
    `Auricle's engine cannot be reached: start Auricle again${port && `, if necessary with --port ${port}`}; this window keeps your work and reconnects by itself.`,
  'page.no-region-placed': () =>
    'Centre the crosshair on the appendage and choose "Place at crosshair" first.',
  'page.box-outside-scan': () => 'The box lies outside the scan: place it on the appendage.',
  'page.reading-stopped': () => 'Reading the images stopped unexpectedly: open the study again.',
  'page.packing-stopped': () => 'Packing the session stopped unexpectedly.',
  'page.images-not-drawn': ({ reason }, { sentence }) => `The images cannot be drawn: ${sentence(reason)}`,
  'page.drop-unreadable': ({ reason }, { sentence }) =>
    `The dropped files cannot be read: ${sentence(reason)}`,
  'page.without-audit-trail': ({ reason }, { sentence }) =>
    `${sentence(reason)} You can continue without it.`,
};
