import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
/** electron-builder's own reader of its file, and its own check. */
const builder = createRequire(require.resolve('app-builder-lib/package.json'));

/** Files of the project, or of a folder whose place is kept. */
const fileSet = z.strictObject({ from: z.string(), to: z.string(), filter: z.array(z.string()) });
const files = z.array(z.union([z.string(), fileSet]));
const target = z.strictObject({ target: z.string(), arch: z.string() });
const configSchema = z.looseObject({
  appId: z.string(),
  publish: z.null(),
  asar: z.literal(true),
  files,
  beforeBuild: z.string(),
  asarUnpack: z.array(z.string()),
  extraResources: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  electronFuses: z.record(z.string(), z.boolean()),
  toolsets: z.record(z.string(), z.string()),
  win: z.looseObject({ target: z.array(target), icon: z.string() }),
  mac: z.looseObject({
    target: z.array(target),
    hardenedRuntime: z.boolean(),
    entitlements: z.string(),
    entitlementsInherit: z.string(),
  }),
  nsis: z.looseObject({ include: z.string() }),
  linux: z.looseObject({ target: z.array(z.string()), syncDesktopName: z.boolean() }),
});
const text = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8');
const raw: unknown = builder('js-yaml').load(text);
const config = configSchema.parse(raw);
const manifest = z
  .looseObject({ main: z.string(), desktopName: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

describe('the installers', () => {
  it('are described in terms that electron-builder knows', async () => {
    const { validateConfiguration } = builder('app-builder-lib/out/util/config/config.js');
    const check = (description: unknown): Promise<void> =>
      validateConfiguration(structuredClone(description), { isEnabled: false, add: () => {} });
    await check(raw);
    // The check sees what nobody knows.
    await expect(check({ ...config, electronFuse: {} })).rejects.toThrow(/unknown property 'electronFuse'/);
  });

  it('are made for Windows, macOS and Linux', () => {
    expect(config.win.target).toEqual([
      { target: 'nsis', arch: 'x64' },
      { target: 'portable', arch: 'x64' },
    ]);
    // ONNX Runtime has nothing for Macs with Intel processors.
    expect(config.mac).toMatchObject({ target: [{ target: 'dmg', arch: 'arm64' }], hardenedRuntime: true });
    expect(config.linux.target).toEqual(['AppImage', 'tar.gz']);
  });

  it('need nothing that the manifest does not say', () => {
    // electron-builder stops at deb and rpm without a maintainer's address and a homepage.
    if (!config.linux.target.some((target) => /^(deb|rpm)$/.test(target))) return;
    expect(manifest).toMatchObject({
      homepage: expect.stringMatching(/^https:/),
      author: { email: expect.stringContaining('@') },
    });
  });

  it('have every fuse set to the safe side', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      resetAdHocDarwinSignature: true,
    });
  });

  it('are published nowhere and look for no updates', () => {
    expect(config.publish).toBeNull();
    // A system's own `publish` would stand above the common one.
    expect(text.match(/^\s*publish:/gm)).toHaveLength(1);
    expect(manifest.scripts.dist).toContain('--publish never');
    expect(existsSync(join(ROOT, 'node_modules', 'electron-updater'))).toBe(false);
  });

  it('hold the built program, the models beside it and native modules outside of the archive', () => {
    expect(config.files).toEqual(
      expect.arrayContaining(['dist/main/**', 'dist/preload/**', 'dist/renderer/**']),
    );
    expect(manifest.main).toBe('dist/main/electron.js');
    for (const { from } of config.extraResources) {
      // Collected when the installers are made.
      if (from === 'dist/THIRD_PARTY_LICENCES.txt')
        expect(manifest.scripts.licences).toContain('packaging/writeLicences.ts');
      else expect(existsSync(join(ROOT, from)), from).toBe(true);
    }
    expect(manifest.scripts.dist).toMatch(/npm run licences && electron-builder/);
    expect(config.asarUnpack).toContain('node_modules/onnxruntime-node/**');
    expect(existsSync(join(ROOT, 'resources/icons', config.win.icon))).toBe(true);
    expect(existsSync(join(ROOT, config.mac.entitlements))).toBe(true);
  });

  it('start on a Mac whose signature was changed, and load a library that others have signed', () => {
    expect(config.electronFuses.resetAdHocDarwinSignature).toBe(true);
    // The process of the models is a helper program of Electron's, which gets the inherited ones.
    expect(config.mac.entitlementsInherit).toBe(config.mac.entitlements);
    const entitlements = readFileSync(join(ROOT, config.mac.entitlements), 'utf8');
    for (const name of ['allow-jit', 'disable-library-validation']) {
      expect(entitlements).toMatch(new RegExp(`<key>com\\.apple\\.security\\.cs\\.${name}</key>\\s*<true/>`));
    }
  });

  it('need no FUSE 2 on Linux', () => {
    // "0.0.0" is the runtime that needs it, and electron-builder's default.
    expect(config.toolsets.appimage).toMatch(/^1\./);
  });

  it('give Linux the same name for the window and for its entry among the applications', () => {
    expect(config.linux).toMatchObject({ executableName: 'auricle', syncDesktopName: true });
    expect(manifest.desktopName).toBe('auricle.desktop');
  });

  it('name the download of the C++ runtime on a Windows that lacks it, and take no file type', () => {
    const script = readFileSync(join(ROOT, config.nsis.include), 'utf8');
    expect(script).toMatch(/needs the Microsoft Visual C\+\+ Redistributable .*vc_redist\.x64\.exe/);
    expect(script).toContain('OpenWithProgids');
    expect(script).not.toMatch(/WriteRegStr SHELL_CONTEXT "Software\\Classes\\\.dcm" /);
  });

  it('hold no package but those that are named, each where the program looks for it', async () => {
    const hook: unknown = await import(join(ROOT, config.beforeBuild));
    const { default: beforeBuild } = z.object({ default: z.function() }).parse(hook);
    // Else electron-builder would pack all packages of the manifest, which Vite has built in.
    expect(beforeBuild()).toBe(false);
    const own = (['win', 'mac', 'linux'] as const).flatMap((system) => files.parse(config[system].files));
    for (const entry of [...config.files, ...own]) {
      if (typeof entry === 'string') expect(entry).not.toMatch(/^[^!]*node_modules/);
      else expect(entry).toMatchObject({ from: expect.stringMatching(/^node_modules\//), to: entry.from });
    }
  });

  it('leave out whole folders only beside a list of what is packed', () => {
    // A system's list of exclusions alone packs everything else: the sources, node_modules/.bin, …
    for (const system of ['win', 'mac', 'linux'] as const) {
      const own = files.parse(config[system].files).filter((entry) => typeof entry === 'string');
      expect(own.filter((pattern) => !pattern.startsWith('!'))).toEqual(['package.json']);
    }
    expect(text).not.toMatch(/^[^#]*\$\{platform\}/m);
  });
});
