import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { VISUAL_C_RUNTIME } from '#main/nudf/engine/onnxLoadFailure.ts';
import { builder, makeMacIcon, makePlaceholderRuntime } from './placeholderRuntime.ts';

export const ROOT = resolve(import.meta.dirname, '../../..');

/** One system's package, unpacked. */
export interface BuiltPackage {
  /** What is packed beside the runtime: the archive and all that lies about it. */
  readonly resources: string;
  /** The archive's contents, with the files that lie beside it in their places. */
  readonly app: string;
}

export interface BuiltPackages {
  readonly linux: BuiltPackage;
  readonly windows: BuiltPackage;
  readonly mac: BuiltPackage;
  remove(): void;
}

/** All files below a folder, as paths from it, with "/". */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();

export const bytesIn = (folder: string): number =>
  filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

/**
 * Packages of what is built in dist/, by electron-builder with its own settings, for Linux and Windows on x64 and for
 * macOS on arm64. Only what cannot be done here is left out: the runtime is a placeholder, and nothing is signed.
 */
export function buildPackages(): BuiltPackages {
  const folder = mkdtempSync(join(tmpdir(), 'auricle-packages-'));
  const runtime = join(folder, 'runtime');
  makePlaceholderRuntime(runtime);
  const icon = join(folder, 'icon.icns');
  makeMacIcon(join(ROOT, 'resources/icons/icon.png'), icon);
  const visualC = join(folder, 'visualC');
  mkdirSync(visualC);
  for (const name of VISUAL_C_RUNTIME) writeFileSync(join(visualC, name), '');

  const run = (...args: string[]): void =>
    void execFileSync(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, AURICLE_VC_REDIST: visualC, CSC_IDENTITY_AUTO_DISCOVERY: 'false' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  run('tools/run.js', 'packaging/writeLicences.ts');
  run(
    'node_modules/electron-builder/cli.js',
    ...['--linux', 'dir:x64', '--win', 'dir:x64', '--mac', 'dir:arm64'],
    `-c.electronDist=${runtime}`,
    `-c.directories.output=${join(folder, 'out')}`,
    `-c.mac.icon=${icon}`,
    // Each needs a tool that would be fetched, or runs on its own system only.
    '-c.win.signAndEditExecutable=false',
    '-c.electronFuses.resetAdHocDarwinSignature=false',
  );
  const { extractAll }: { extractAll(archive: string, folder: string): void } = builder('@electron/asar');
  const unpack = (resources: string): BuiltPackage => {
    const app = join(resources, 'app');
    extractAll(join(resources, 'app.asar'), app);
    return { resources, app };
  };
  return {
    linux: unpack(join(folder, 'out/linux-unpacked/resources')),
    windows: unpack(join(folder, 'out/win-unpacked/resources')),
    mac: unpack(join(folder, 'out/mac-arm64/Auricle.app/Contents/Resources')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
