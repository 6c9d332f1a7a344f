import { describe, it } from 'vitest';
import { createOnnxFamilyTrainer } from './onnxFamilyTrainer.ts';
import { expectTrainingAsRecorded, recordedTrainings } from './testing/trainingAgreement.ts';

describe('training of the family on the CPU', () => {
  it.each(recordedTrainings)(
    'with the loss $loss, corners aligned: $alignCorners, has the losses and gradients of PyTorch',
    (recorded) => expectTrainingAsRecorded(recorded, createOnnxFamilyTrainer),
  );
});
