import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
/** What electron-builder itself uses. */
export const builder = createRequire(require.resolve('app-builder-lib/package.json'));

/** @electron/fuses: the mark before the fuses, their version, how many there are, and one sign for each (0: off). */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('110100100'),
]);

const plist = (name: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleIdentifier</key><string>com.github.Electron</string>
</dict></plist>
`;

function macApplication(folder: string, name: string): void {
  mkdirSync(join(folder, 'Contents', 'MacOS'), { recursive: true });
  mkdirSync(join(folder, 'Contents', 'Resources'), { recursive: true });
  writeFileSync(join(folder, 'Contents', 'Info.plist'), plist(name));
  writeFileSync(join(folder, 'Contents', 'MacOS', name), '');
}

/** A program of Windows with no code, and the version that electron-builder looks for. */
function windowsProgram(): Buffer {
  const { NtExecutable, NtExecutableResource, Resource } = builder('resedit');
  const program = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(program);
  const strings = [{ lang: 1033, codepage: 1200, values: { ProductName: 'Electron' } }];
  Resource.VersionInfo.create({ lang: 1033, fixedInfo: {}, strings }).outputToResourceEntries(
    resources.entries,
  );
  resources.outputResource(program);
  const bytes: ArrayBuffer = program.generate();
  return Buffer.from(bytes);
}

/**
 * A folder that electron-builder takes for Electron's runtime on Linux, Windows and macOS: programs with nothing in
 * them but the fuses, which it changes, and a frame of a Windows program, in which it writes the archive's checksum.
 */
export function makePlaceholderRuntime(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'electron'), FUSES);
  writeFileSync(join(folder, 'electron.exe'), Buffer.concat([windowsProgram(), FUSES]));
  const mac = join(folder, 'Electron.app');
  macApplication(mac, 'Electron');
  const frameworks = join(mac, 'Contents', 'Frameworks');
  for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    macApplication(join(frameworks, `Electron Helper${kind}.app`), `Electron Helper${kind}`);
  }
  mkdirSync(join(frameworks, 'Electron Framework.framework'));
  writeFileSync(join(frameworks, 'Electron Framework.framework', 'Electron Framework'), FUSES);
}

/** The picture as an icon for macOS; electron-builder would fetch a tool to make one. */
export function makeMacIcon(pngFile: string, file: string): void {
  const png = readFileSync(pngFile);
  const header = Buffer.alloc(16);
  header.write('icns', 0, 'latin1');
  header.writeUInt32BE(16 + png.length, 4);
  header.write('ic10', 8, 'latin1'); // 1024 × 1024 pixels, as PNG
  header.writeUInt32BE(8 + png.length, 12);
  writeFileSync(file, Buffer.concat([header, png]));
}
