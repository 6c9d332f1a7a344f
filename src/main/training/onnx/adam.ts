/** An array of weights with its gradient and moments, all of one length. */
export interface AdamItem {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** 1 in the first step. */
  readonly step: number;
}

export interface AdamWSettings extends AdamSettings {
  /** Decoupled: weights shrink by learningRate · weightDecay a step. */
  readonly weightDecay: number;
  /** Gradients are scaled down together so that their common norm is at most this. */
  readonly clipNorm: number;
}

/** One step of Adam on one array, in place. @param clip what the gradient is multiplied by; @param kept what the weights are */
function update(
  { weights, gradient, firstMoment, secondMoment }: AdamItem,
  { learningRate, beta1, beta2, epsilon, step }: AdamSettings,
  clip = 1,
  kept = 1,
): void {
  const rate = learningRate / (1 - beta1 ** step);
  const secondCorrection = 1 / (1 - beta2 ** step);
  for (let index = 0; index < weights.length; index++) {
    const g = clip * gradient[index]!;
    const m = beta1 * firstMoment[index]! + (1 - beta1) * g;
    const v = beta2 * secondMoment[index]! + (1 - beta2) * g * g;
    firstMoment[index] = m;
    secondMoment[index] = v;
    weights[index] = kept * weights[index]! - (rate * m) / (Math.sqrt(v * secondCorrection) + epsilon);
  }
}

/** Adam, as PyTorch has it. */
export function adamStep(items: readonly AdamItem[], settings: AdamSettings): void {
  for (const item of items) update(item, settings);
}

/**
 * AdamW (Loshchilov and Hutter 2019) as `adamWStep` of `shared/nudf/kernels` has it: gradients clipped by their common norm, no
 * step where one is not finite.
 */
export function adamWStep(
  items: readonly (AdamItem & { readonly decay: boolean })[],
  { weightDecay, clipNorm, ...settings }: AdamWSettings,
): void {
  let squares = 0;
  for (const { gradient } of items) {
    for (let index = 0; index < gradient.length; index++) squares += gradient[index]! ** 2;
  }
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm)) return;
  const clip = Math.min(1, clipNorm / (norm + 1e-6));
  for (const item of items) {
    update(item, settings, clip, item.decay ? 1 - settings.learningRate * weightDecay : 1);
  }
}
