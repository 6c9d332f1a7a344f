/** What the models behind a result were trained on, which every reader of the result must know. */

/** A model as manifests and reports name it. */
interface UsedModel {
  readonly id: string;
  readonly kind: string;
  /** `synthetic`; of an imported model (kind `family`) the words of whoever imported it, or {@link UNKNOWN_TRAINING}. */
  readonly trainedOn: string;
}

/** What the manifest of an imported model says where nobody said more. */
export const UNKNOWN_TRAINING = 'unknown';

const RESEARCH = 'Research software, not for clinical decisions.';

/** Of the program itself, before any model is chosen. */
export const RESEARCH_USE_NOTICE = `${RESEARCH} The bundled models were trained on synthetic CT only; no patient data was used.`;

const isImported = ({ kind }: Pick<UsedModel, 'kind'>): boolean => kind === 'family';

/** Ends a line about a model: `trained on synthetic CT only`, `imported; trained on “120 CTs”`. */
export function trainingInWords({ kind, trainedOn }: Omit<UsedModel, 'id'>): string {
  if (!isImported({ kind }))
    return `trained on ${trainedOn === 'synthetic' ? 'synthetic CT only' : trainedOn}`;
  return trainedOn === UNKNOWN_TRAINING
    ? 'imported; what it was trained on is unknown'
    : `imported; trained on “${trainedOn}”`;
}

/** What is said with a result: research only, and what the models that made it were trained on. */
export function resultNotice(models: readonly UsedModel[]): string {
  const imported = models.filter(isImported);
  if (imported.length === 0) {
    return `${RESEARCH} The models were trained on synthetic CT only; no patient data was used.`;
  }
  const sentences = imported.map(({ id, trainedOn }) =>
    trainedOn === UNKNOWN_TRAINING
      ? `What the imported model ${id} was trained on is unknown.`
      : `The imported model ${id} was trained on “${trainedOn}”, as was said at its import.`,
  );
  if (imported.length < models.length) {
    sentences.push('The bundled models were trained on synthetic CT only.');
  }
  return [RESEARCH, ...sentences].join(' ');
}
