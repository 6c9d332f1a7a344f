import type { FailureDeclarations } from './declaration.ts';

/** The page and the server it comes from. */
export const pageFailures = {
  'page.not-built': {},
  'page.port-taken': { port: 'number' },
  'page.not-ours': {},
  'page.engine-unreachable': {},
  'page.link-used': {},
  'page.server-restarted': {},
  'page.no-link': {},
  'page.server-restarted-meanwhile': {},
  /** `port` as the page's address has it, empty for the usual one. */
  'page.engine-lost': { port: 'text' },
  'page.no-region-placed': {},
  'page.box-outside-scan': {},
  'page.reading-stopped': {},
  'page.packing-stopped': {},
  'page.images-not-drawn': { reason: 'failure' },
  'page.drop-unreadable': { reason: 'failure' },
  'page.without-audit-trail': { reason: 'failure' },
} as const satisfies FailureDeclarations;
