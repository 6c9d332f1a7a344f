import type { FailureCode } from '../../failures/failure.ts';
import type { Language, WordsFor } from '../catalogue.ts';
import { english } from '../english/index.ts';
import { annotationsWords } from './annotations.ts';
import { dicomWords } from './dicom.ts';
import { engineWords } from './engine.ts';
import { evaluationWords } from './evaluation.ts';
import { exportWords } from './export.ts';
import { filesWords } from './files.ts';
import { measureWords } from './measure.ts';
import { meshingWords } from './meshing.ts';
import { modelsWords } from './models.ts';
import { networkWords } from './network.ts';
import { objectsWords } from './objects.ts';
import { pageWords } from './page.ts';
import type { PageFailureCode } from './pageFailures.ts';
import { phantomWords } from './phantom.ts';
import { pipelineWords } from './pipeline.ts';
import { planningWords } from './planning.ts';
import { preparationWords } from './preparation.ts';
import { programWords } from './program.ts';
import { remeshingWords } from './remeshing.ts';
import { reportWords } from './report.ts';
import { reviewWords } from './review.ts';
import { rpcWords } from './rpc.ts';
import { seriesWords } from './series.ts';
import { storageWords } from './storage.ts';
import { storedWords } from './stored.ts';
import { studiesWords } from './studies.ts';

/** What the page can meet. */
const pageWordings: WordsFor<PageFailureCode> = {
  ...annotationsWords,
  ...dicomWords,
  ...engineWords,
  ...evaluationWords,
  ...exportWords,
  ...filesWords,
  ...measureWords,
  ...meshingWords,
  ...modelsWords,
  ...networkWords,
  ...objectsWords,
  ...pageWords,
  ...phantomWords,
  ...pipelineWords,
  ...planningWords,
  ...preparationWords,
  ...programWords,
  ...remeshingWords,
  ...reportWords,
  ...reviewWords,
  ...rpcWords,
  ...seriesWords,
  ...storageWords,
  ...storedWords,
  ...studiesWords,
};

/** The command line speaks English, and so do the failures that only it can meet. */
const wordings: WordsFor<FailureCode> = { ...english.wordings, ...pageWordings };

/** Words that German writes small within a sentence; nouns and names stay as they are. */
const SMALL =
  /^(?:Der|Die|Das|Den|Dem|Ein|Eine|Einer|Eines|Es|Er|Sie|Kein|Keine|Keines|Nur|Nichts|Zwei|Beide|Andere|In|Im|An|Am|Auf|Unter|Zwischen|Mit|Ohne|Laut|Für|Von|Zu|Zum|Zur|Bei|Was|Nach|Vor|Hier|Dort|Dieses|Diese|Dieser|Jenseits|Außerhalb|Mindestens|Weniger|Kleiner|Nicht|Schwacher|Geringe|Scharfer|Weicher|Abgeleitet)\b/;

export const german: Language = {
  wordings,
  clauseOf: (sentence) =>
    sentence.replace(SMALL, (word) => word.charAt(0).toLowerCase() + word.slice(1)).replace(/\.$/, ''),
};
