import { createStudyWorkers } from '../../workers/studyWorkers.ts';
import { createStudyReaderCore } from './studyReaderCore.ts';
import type { StudyReader } from './types.ts';

/** A study reader that parses and decodes in web workers; they start when they are needed and end with `close`. */
export function createStudyReader(): StudyReader {
  const core = createStudyReaderCore(createStudyWorkers());
  return {
    ...core,
    async thumbnail(seriesId) {
      const { rgba, width, height } = await core.thumbnail(seriesId);
      return new ImageData(rgba, width, height);
    },
  };
}
