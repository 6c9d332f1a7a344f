import { parentProcess } from './parentProcess.ts';
import { serveInferenceChannels } from './serveInference.ts';

serveInferenceChannels(parentProcess());
