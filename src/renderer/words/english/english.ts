import { annotationsWords } from './annotations.ts';
import { appWords } from './app.ts';
import { exportingWords } from './exporting.ts';
import { keysWords } from './keys.ts';
import { measureWords } from './measure.ts';
import { phasesWords } from './phases.ts';
import { planningWords } from './planning.ts';
import { regionWords } from './region.ts';
import { reviewWords } from './review.ts';
import { serversWords } from './servers.ts';
import { studiesWords } from './studies.ts';
import { viewerWords } from './viewer.ts';

/** The page's own words; the other languages have the same keys and parameters. */
export const english = {
  ...annotationsWords,
  ...appWords,
  ...exportingWords,
  ...keysWords,
  ...measureWords,
  ...phasesWords,
  ...planningWords,
  ...regionWords,
  ...reviewWords,
  ...serversWords,
  ...studiesWords,
  ...viewerWords,
};
