import '#shared/rpc/zodWithoutEval.ts';
import { browserCodecs } from './browserCodecs.ts';
import { createStudyTasks } from './createStudyTasks.ts';
import { studyTasks } from './studyTasks.ts';
import { serveWebWorker } from './webWorker.ts';

serveWebWorker(studyTasks, { study: createStudyTasks(browserCodecs) });
