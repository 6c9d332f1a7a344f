import type { SessionSummary } from '#shared/contract/services/app.ts';
import { momentInWords } from '../../ui/valuesInWords.ts';
import { words } from '../../words/index.ts';

/** Saved work in a list, by the time of the place, as the worklist names it. */
export const sessionName = ({ title, savedAt }: Pick<SessionSummary, 'title' | 'savedAt'>): string =>
  words().comparison.session(words().recorded(title), momentInWords(savedAt));
