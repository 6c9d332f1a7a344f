import { existsSync } from 'node:fs';
import process from 'node:process';

/**
 * Microsoft's C++ runtime, as ONNX Runtime's libraries for Windows import it (tools/packaging reads their tables). A
 * fresh Windows has none of it; an old one lacks what was added later.
 */
export const VISUAL_C_RUNTIME = [
  'vcruntime140.dll',
  'vcruntime140_1.dll',
  'msvcp140.dll',
  'msvcp140_1.dll',
  'msvcp140_atomic_wait.dll',
];

/** The machine, as far as the reason depends on it; replaced in tests. */
export interface LoadSurroundings {
  readonly platform: NodeJS.Platform;
  /** Windows' own folder. */
  readonly systemRoot: string;
  exists(path: string): boolean;
}

const here = (): LoadSurroundings => ({
  platform: process.platform,
  systemRoot: process.env.SystemRoot ?? 'C:\\Windows',
  exists: existsSync,
});

/** A library's path in an error of Windows' loader, whose sentence is in the user's language. */
const LIBRARY = /^(?:\\\\\?\\)?(.*)\\[^\\]+\.node$/m;

/** Why ONNX Runtime's native library could not be loaded. */
export function onnxLoadFailure(
  thrown: unknown,
  { platform, systemRoot, exists }: LoadSurroundings = here(),
): 'engine.no-onnx-runtime' | 'engine.no-visual-c-runtime' {
  const isRefused = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_DLOPEN_FAILED';
  if (platform !== 'win32' || !isRefused) return 'engine.no-onnx-runtime';
  const folder = LIBRARY.exec(thrown.message)?.[1];
  const folders = [`${systemRoot}\\System32`, ...(folder === undefined ? [] : [folder])];
  const isWhole = VISUAL_C_RUNTIME.every((name) => folders.some((place) => exists(`${place}\\${name}`)));
  return isWhole ? 'engine.no-onnx-runtime' : 'engine.no-visual-c-runtime';
}
