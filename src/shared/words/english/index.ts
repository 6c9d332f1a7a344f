import type { FailureCode } from '../../failures/failure.ts';
import type { Language, WordsFor } from '../catalogue.ts';
import { annotationsWords } from './annotations.ts';
import { cliWords } from './cli.ts';
import { cohortWords } from './cohort.ts';
import { dicomWords } from './dicom.ts';
import { engineWords } from './engine.ts';
import { evaluationWords } from './evaluation.ts';
import { exportWords } from './export.ts';
import { filesWords } from './files.ts';
import { measureWords } from './measure.ts';
import { meshingWords } from './meshing.ts';
import { modelsWords } from './models.ts';
import { networkWords } from './network.ts';
import { numpyWords } from './numpy.ts';
import { objectsWords } from './objects.ts';
import { pageWords } from './page.ts';
import { phantomWords } from './phantom.ts';
import { pipelineWords } from './pipeline.ts';
import { planningWords } from './planning.ts';
import { predictionWords } from './prediction.ts';
import { preparationWords } from './preparation.ts';
import { programWords } from './program.ts';
import { pytorchWords } from './pytorch.ts';
import { remeshingWords } from './remeshing.ts';
import { reportWords } from './report.ts';
import { reviewWords } from './review.ts';
import { rpcWords } from './rpc.ts';
import { seriesWords } from './series.ts';
import { storageWords } from './storage.ts';
import { storedWords } from './stored.ts';
import { studiesWords } from './studies.ts';
import { trainingWords } from './training.ts';

const wordings: WordsFor<FailureCode> = {
  ...dicomWords,
  ...seriesWords,
  ...studiesWords,
  ...cliWords,
  ...measureWords,
  ...annotationsWords,
  ...meshingWords,
  ...remeshingWords,
  ...reviewWords,
  ...evaluationWords,
  ...exportWords,
  ...reportWords,
  ...objectsWords,
  ...filesWords,
  ...modelsWords,
  ...engineWords,
  ...pipelineWords,
  ...phantomWords,
  ...planningWords,
  ...predictionWords,
  ...preparationWords,
  ...cohortWords,
  ...trainingWords,
  ...storageWords,
  ...pageWords,
  ...programWords,
  ...networkWords,
  ...numpyWords,
  ...pytorchWords,
  ...rpcWords,
  ...storedWords,
};

export const english: Language = {
  wordings,
  /** A first word that is written in capitals is a name: "JPEG 2000 …" stays as it is. */
  clauseOf: (sentence) =>
    sentence.replace(/^[A-Z](?![A-Z0-9])/, (letter) => letter.toLowerCase()).replace(/\.$/, ''),
};
