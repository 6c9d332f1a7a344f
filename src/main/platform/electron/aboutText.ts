import { RESEARCH_USE_NOTICE } from '#shared/contract/report.ts';

/** What the box About Auricle says. */
export const aboutText = (version: string): { message: string; detail: string } => ({
  message: `Auricle ${version}`,
  detail: `Segments and measures the left atrial appendage in cardiac CT.\n\n${RESEARCH_USE_NOTICE}\n\nLicence: Apache-2.0.`,
});
