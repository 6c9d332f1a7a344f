import type { LoadedModel } from '../models/modelRegistry.ts';
import type { FieldEngine } from '../nudf/engine/fieldEngine.ts';
import { meanFieldEngine } from '../nudf/engine/meanFieldEngine.ts';
import type { SelectedEngine } from '../nudf/engine/selectEngine.ts';

/** The mean of field models on an engine; one model is itself. Nothing is left open where one of them fails to start. */
export async function openFieldEngine(
  selected: SelectedEngine,
  models: readonly [LoadedModel<'field'>, ...LoadedModel<'field'>[]],
): Promise<FieldEngine> {
  const opened: FieldEngine[] = [];
  try {
    for (const { manifest, weights } of models)
      opened.push(await selected.fieldEngine(manifest.spec, weights));
  } catch (thrown) {
    for (const engine of opened) await engine.free();
    throw thrown;
  }
  const [first, ...others] = opened;
  if (!first) throw new RangeError('A field engine needs a model.');
  return others.length === 0 ? first : meanFieldEngine([first, ...others]);
}
