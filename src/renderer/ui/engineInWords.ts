const NAMES: Readonly<Record<string, string>> = { onnx: 'ONNX Runtime', webgpu: 'WebGPU', cuda: 'CUDA' };

/** An engine by its full name, with what it runs on: `ONNX Runtime · CPU, 2 threads`. */
export const engineInWords = ({ id, device }: { readonly id: string; readonly device: string }): string =>
  `${Object.hasOwn(NAMES, id) ? NAMES[id] : id} · ${device}`;
