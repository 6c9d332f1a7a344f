import { expose, transfer } from 'comlink';
import { browserCodecs } from './browserCodecs.ts';
import { createStudyTasks } from './createStudyTasks.ts';
import type { StudyTasks } from './studyTasks.ts';

const tasks = createStudyTasks(browserCodecs);

/** Decoded slices move to the main thread instead of being copied. */
const methods: StudyTasks = {
  ...tasks,
  async decode(...request) {
    const decoded = await tasks.decode(...request);
    if (decoded.kind === 'failed') return decoded;
    const buffers = decoded.slices.flatMap(({ valuesHu, squeezed }) => [valuesHu.buffer, squeezed.buffer]);
    return transfer(decoded, buffers as ArrayBuffer[]);
  },
};

expose(methods);
