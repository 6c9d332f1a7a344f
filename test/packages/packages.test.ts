import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { basename, dirname, join, posix } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VISUAL_C_RUNTIME } from '#main/nudf/engine/onnxLoadFailure.ts';
import { type BinaryImports, importsOfFile } from '../../tools/packaging/binaries/imports.ts';
import { licencesOf } from '../../tools/packaging/licences.ts';
import { shippedPackages } from '../../tools/packaging/writeLicences.ts';
import { createDesktop } from '../electron/testing/desktop.ts';
import {
  type BuiltPackage,
  type BuiltPackages,
  buildPackages,
  bytesIn,
  filesIn,
  ROOT,
} from './testing/builtPackages.ts';
import { graphicsOfPage } from './testing/desktopPage.ts';
import { memoryCage } from './testing/memoryCage.ts';
import { nodeLikeElectrons } from './testing/nodeLikeElectrons.ts';
import { builder } from './testing/placeholderRuntime.ts';
import { segmentedBy } from './testing/segmentedBy.ts';

const MEBIBYTE = 2 ** 20;
const isBuilt = existsSync(join(ROOT, 'dist/built'));
/** The workflow's other systems build real installers; see .github/workflows/ci.yml. */
const canBuild = isBuilt && process.platform === 'linux' && process.arch === 'x64';
const why = isBuilt ? 'only on Linux for x64' : 'not built';

/** Libraries that each Windows 10 has; those of Visual C are looked at by themselves. */
const OF_WINDOWS =
  /^(api-ms-win-[\w-]+|kernel32|user32|shell32|advapi32|ole32|oleaut32|setupapi|dbghelp|d3d12|dxgi)\.dll$/i;
const OF_LINUX = /^(lib(dl|rt|pthread|stdc\+\+|m|gcc_s|c)\.so\.\d|ld-linux-x86-64\.so\.2)$/;
const OF_MAC = /^\/(usr\/lib|System\/Library\/Frameworks)\//;
const VISUAL_C = /^(msvcp|vcruntime)\d/i;

/** What a built script imports, at once and later. Types are imported in its comments. */
const importsOfScript = (script: string): string[] =>
  [
    ...script
      .replace(/^\s*(\*|\/\/|\/\*).*$/gm, '')
      .matchAll(/^(?:(?:import|export)\b[^"'\n]*?|.*\bimport\(\s*)"([^"\n]+)"/gm),
  ].map(([, name = '']) => name);

/** Of compressed images; small, and without native code. */
const DECODERS = ['codec-charls', 'codec-libjpeg-turbo-8bit', 'codec-openjpeg', 'codec-openjph'];

describe.skipIf(!canBuild)(`the packages${canBuild ? '' : ` (skipped: ${why})`}`, () => {
  let packages: BuiltPackages;
  /** As Electron runs them: on its version of Node, and in its memory cage where that can be made. */
  let likeElectron: { readonly node: string; readonly env: Readonly<Record<string, string>> };
  beforeAll(() => {
    packages = buildPackages();
    const cage = memoryCage(join(packages.linux.resources, '..'));
    likeElectron = { node: nodeLikeElectrons(), env: cage ? { LD_AUDIT: cage } : {} };
  });
  afterAll(() => packages?.remove());

  const systems = ['linux', 'windows', 'mac'] as const;
  const binariesOf = ({ app }: BuiltPackage): { file: string; imports: BinaryImports }[] =>
    filesIn(app).flatMap((file) => {
      const imports = /\.(node|dll|dylib|so)(\.|$)/.test(file) ? importsOfFile(join(app, file)) : undefined;
      return imports ? [{ file, imports }] : [];
    });

  describe.each(systems)('for %s', (system) => {
    it('holds the built application, one package with native code, four decoders, PDFium, and nothing else', () => {
      const files = filesIn(packages[system].app);
      const kinds = new Set(
        files.map((file) => /^(node_modules\/(?:@[^/]+\/)?[^/]+|dist\/\w+|[^/]+$)/.exec(file)?.[0]),
      );
      expect([...kinds].sort()).toEqual([
        'dist/main',
        'dist/preload',
        'dist/renderer',
        ...DECODERS.map((name) => `node_modules/@cornerstonejs/${name}`),
        'node_modules/@hyzyla/pdfium',
        'node_modules/onnxruntime-common',
        'node_modules/onnxruntime-node',
        'package.json',
      ]);
      expect(files.filter((file) => /\.(map|ts)$|dist\/main\/(cli|server)\.js$/.test(file))).toEqual([]);
      expect(files).toContain('dist/renderer/index.html');
      // Electron reads its own name, and Linux the window's, from here.
      const manifest: unknown = JSON.parse(readFileSync(join(packages[system].app, 'package.json'), 'utf8'));
      expect(manifest).toMatchObject({ productName: 'Auricle', desktopName: 'auricle.desktop' });
    });

    it('holds all that its programs import', () => {
      const { app } = packages[system];
      const files = new Set(filesIn(app));
      const programs = [...files].filter((file) => /^dist\/main\/[^/]+\.js$/.test(file));
      expect(programs).toContain('dist/main/electron.js');
      const others = new Set<string>();
      const reached = new Set<string>();
      const follow = (file: string): void => {
        if (reached.has(file)) return;
        reached.add(file);
        if (!files.has(file)) throw new Error(`${file} is not packed.`);
        for (const name of importsOfScript(readFileSync(join(app, file), 'utf8'))) {
          if (name.startsWith('.')) follow(posix.join(dirname(file), name));
          else if (!isBuiltin(name)) others.add(name);
        }
      };
      programs.forEach(follow);
      // Dawn is never loaded in Electron, and not packed.
      const packed = [...others].filter((name) => name.startsWith('@cornerstonejs/'));
      expect([...others].filter((name) => !packed.includes(name)).sort()).toEqual([
        '@hyzyla/pdfium',
        'electron',
        'onnxruntime-node',
        'webgpu',
      ]);
      // The one of 12-bit JPEG is among the page's files.
      const gdcm = /^dist\/renderer\/assets\/gdcm-read-image.*\.(js|zst)$/;
      expect(filesIn(app).filter((file) => gdcm.test(file))).toHaveLength(2);
      expect(files).toContain('node_modules/@hyzyla/pdfium/dist/pdfium.wasm');
      // The decoders draw the thumbnails of a server's series; each is a script and its WebAssembly.
      expect(packed).toHaveLength(DECODERS.length);
      const require = createRequire(join(app, 'dist/main/electron.js'));
      for (const name of packed) {
        const script = require.resolve(name);
        expect(script.startsWith(app), name).toBe(true);
        expect(existsSync(script.replace(/js$/, 'wasm')), name).toBe(true);
      }
    });

    it('brings its models, fonts and licences', () => {
      const files = filesIn(packages[system].resources).filter((file) => !file.startsWith('app'));
      expect(files.filter((file) => file.endsWith('/model.safetensors')).length).toBeGreaterThan(1);
      expect(files).toEqual(
        expect.arrayContaining([
          'LICENSE',
          'resources/fonts/NotoSans-Regular.ttf',
          'THIRD_PARTY_LICENCES.txt',
        ]),
      );
      const text = readFileSync(join(packages[system].resources, 'THIRD_PARTY_LICENCES.txt'), 'utf8');
      for (const name of ['react', 'zod', 'fflate', 'onnxruntime-node', 'CharLS', 'sax']) {
        expect(text).toMatch(new RegExp(`^={80}\n${name} `, 'm'));
      }
    });
  });

  it.each([
    ['linux', 95],
    ['windows', 170],
    ['mac', 95],
  ] as const)('for %s is at most %i MB beside the runtime', (system, limit) => {
    const { resources, app } = packages[system];
    expect((bytesIn(resources) - bytesIn(app)) / MEBIBYTE).toBeLessThan(limit);
  });

  it('hold native code for their own system and processor only', () => {
    const kinds = systems.map((system) => [
      ...new Set(
        binariesOf(packages[system]).map(({ imports }) => `${imports.format} ${imports.architecture}`),
      ),
    ]);
    expect(kinds).toEqual([['elf x64'], ['pe x64'], ['mach-o arm64']]);
  });

  it('hold no native code that asks for a node.exe or for memory outside of the cage', () => {
    const binaries = systems.flatMap((system) => binariesOf(packages[system]));
    expect(binaries.filter(({ file }) => file.endsWith('.node'))).toHaveLength(3);
    for (const { file, imports } of binaries) {
      expect(
        imports.libraries.map((name) => name.toLowerCase()),
        file,
      ).not.toContain('node.exe');
      expect(
        imports.symbols.filter((name) => /create_external_(arraybuffer|buffer)/.test(name)),
        file,
      ).toEqual([]);
    }
  });

  it('find each library beside the one that needs it, or in the system', () => {
    const own = { linux: OF_LINUX, windows: OF_WINDOWS, mac: OF_MAC };
    for (const system of systems) {
      const binaries = binariesOf(packages[system]);
      for (const { file, imports } of binaries) {
        const beside = filesIn(join(packages[system].app, dirname(file)));
        const missing = imports.libraries.filter(
          (name) => !own[system].test(name) && !VISUAL_C.test(name) && !beside.includes(basename(name)),
        );
        expect(missing, file).toEqual([]);
        const paths = { linux: '$ORIGIN', windows: undefined, mac: '@loader_path' }[system];
        if (paths && file.endsWith('.node')) expect(imports.searchPaths.join()).toContain(paths);
      }
    }
  });

  it("bring Microsoft's C++ runtime beside the libraries that need it, and the application knows its parts", () => {
    const needed = binariesOf(packages.windows).flatMap(({ imports }) =>
      imports.libraries.filter((name) => VISUAL_C.test(name)).map((name) => name.toLowerCase()),
    );
    expect([...new Set(needed)].sort()).toEqual([...VISUAL_C_RUNTIME].sort());
    const folder = join(
      packages.windows.resources,
      'app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6/win32/x64',
    );
    expect(filesIn(folder)).toEqual(expect.arrayContaining([...VISUAL_C_RUNTIME, 'onnxruntime.dll']));
  });

  it('have their fuses set in the runtime', async () => {
    const { getCurrentFuseWire } = builder('@electron/fuses');
    for (const program of [
      join(packages.linux.resources, '../auricle'),
      join(packages.windows.resources, '../Auricle.exe'),
      join(packages.mac.resources, '../../../Auricle.app'),
    ]) {
      const wire: Readonly<Record<number, number>> = await getCurrentFuseWire(program);
      // runAsNode, cookies, NODE_OPTIONS, --inspect, integrity, archive only; 48: off, 49: on.
      expect(
        [0, 1, 2, 3, 4, 5].map((fuse) => wire[fuse]),
        program,
      ).toEqual([48, 49, 48, 48, 49, 49]);
    }
  });

  it('offer folders and DICOM files on macOS', () => {
    const text = readFileSync(join(packages.mac.resources, '../Info.plist'), 'utf8');
    expect(text).toMatch(/<string>public\.folder<\/string>/);
    expect(text).toMatch(/<key>CFBundleTypeExtensions<\/key>\s*<array>\s*<string>dcm<\/string>/);
    expect(text).toMatch(/<key>CFBundleName<\/key>\s*<string>Auricle<\/string>/);
  });

  it('hold only code under licences that let it be passed on, each with its text', () => {
    for (const { name, identifier, text } of licencesOf(ROOT, shippedPackages())) {
      expect(identifier, name).toMatch(/MIT|Apache-2\.0|BSD|ISC|BlueOak|as below/);
      expect(text.length, name).toBeGreaterThan(200);
    }
  });

  it('open the window on a stand-in for Electron, serve the page, and bring the networks to its graphics', async () => {
    const { app } = packages.linux;
    const desktop = await createDesktop();
    try {
      const application = desktop.start({
        ...likeElectron,
        home: desktop.newHome({ networks: true }),
        entry: join(app, 'dist/main/electron.js'),
        appPath: app,
      });
      await application.saw('show');
      const { details: page } = await application.saw('page');
      expect(page).toMatchObject({ url: 'app://auricle/index.html', status: 200 });
      // The page that is tested in browsers, its workers for the graphics processor and the decoders among it.
      const isPacked = (file: string): boolean => !/\.map$|^packages\.json$/.test(file);
      const files = filesIn(join(app, 'dist/renderer'));
      expect(files).toEqual(filesIn(join(ROOT, 'dist/renderer')).filter(isPacked));
      expect(files.filter((file) => /viewerNetworks\.worker-.*\.js$/.test(file))).toHaveLength(1);
      for (const file of files) {
        expect(await application.act('fetch', { url: `app://auricle/${file}` }), file).toMatchObject({
          status: 200,
          headers: { 'content-security-policy': expect.stringContaining("default-src 'none'") },
          body: statSync(join(ROOT, 'dist/renderer', file)).size,
        });
      }
      const { engine, networks, blocks } = await graphicsOfPage(application);
      expect((await application.saw('utility-process')).details).toEqual({
        modulePath: join(app, 'dist/main/inference.process.js'),
      });
      expect(engine).toMatchObject({ state: 'ready', id: 'viewer', device: 'Graphics of a test' });
      expect(networks.map(({ kind }) => kind)).toEqual(['region-unet', 'nudf-dual']);
      expect(Math.min(...networks.map(({ weightBytes }) => weightBytes))).toBeGreaterThan(MEBIBYTE);
      expect(blocks.length).toBeGreaterThan(0);
      await application.act('quit');
      expect(await application.exited).toBe(0);
    } finally {
      await desktop.free();
    }
  });

  it('segment as the program that is not packed does, on the Node of Electron and in its memory cage', async () => {
    // As people start it: its thread for surfaces warms up, which other tests' programs do not.
    const env = { ...likeElectron.env, AURICLE_WARM_UP: 'on' };
    const packed = await segmentedBy(packages.linux.app, { ...likeElectron, env });
    const unpacked = await segmentedBy(ROOT);
    expect(packed.engine).toMatchObject({ state: 'ready', id: 'onnx' });
    expect(packed.result.appendage.measurements.volumeMl).toBeGreaterThan(1);
    expect(packed.region).toEqual(unpacked.region);
    expect(packed.result).toEqual(unpacked.result);
    // All that it writes goes through packages that Vite has built in.
    const names = [...packed.files.keys()];
    expect(names).toEqual([...unpacked.files.keys()]);
    for (const name of names.filter((file) => /\.(3mf|glb|vtp)$/.test(file))) {
      expect(packed.files.get(name), name).toEqual(unpacked.files.get(name));
    }
    const pdf = names.find((name) => name.endsWith('.pdf')) ?? '';
    expect(Buffer.from(packed.files.get(pdf) ?? []).toString('latin1', 0, 5)).toBe('%PDF-');
    expect([...packed.kept]).toEqual([1, 2, 3]);
  });
});
