import { mkdirSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join, sep } from 'node:path';
import process from 'node:process';
import { build, type Plugin, type ViteDevServer } from 'vite';
import { contentSecurityPolicy, securityHeaders } from '../src/main/page/contentSecurityPolicy.ts';
import { mayRead } from '../src/main/transport/localRequests.ts';
import { createEngine, type Engine } from './engine.ts';
import { passSocketsOn } from './engineSocket.ts';

interface EngineOptions {
  readonly projectFolder: string;
  /** The engine's settings, sessions and audit trail. */
  readonly dataFolder: string;
}

/** The event by which open pages get the token of an engine that was started again. */
const LINK_EVENT = 'auricle:token';
const LINK_SCRIPT = '/@auricle-link';

/** Runs in the page: puts a new token into the address, as if a person had opened the new link in this window. */
const LINK_CODE = `import.meta.hot?.on(${JSON.stringify(LINK_EVENT)}, ({ token }) => { location.hash = 'token=' + token; });`;

/** What the engine is made of, below the project's folder. */
const ENGINE_SOURCES = ['src/main', 'src/shared', 'vite.config.ts'];
/** What `vite.config.ts` builds beside the engine: other programs, and the threads of commands. */
const OTHER_ENTRIES = ['cli', 'electron', 'caseReading.worker', 'example.worker', 'prepare.worker'];
/** Leaves them out: a fifth of what a build takes after each change. */
const engineAlone: Plugin = {
  name: 'auricle-engine-alone',
  options: ({ input, ...options }) => ({
    ...options,
    input: Object.fromEntries(
      Object.entries(Object(input)).filter(([name]) => !OTHER_ENTRIES.includes(name)),
    ) as Record<string, string>,
  }),
};
/** Editors save in several steps, and branches change many files; ms. */
const SETTLE_MS = 50;

/**
 * Builds the engine now and after each change of its sources; calls back after each build that succeeded. A change
 * during a build is followed by another one, so that what runs last is what was saved last.
 */
function watchEngine(server: ViteDevServer, projectFolder: string, outFolder: string, onBuilt: () => void) {
  let isChanged = true;
  let isClosed = false;
  let building: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function buildUntilCurrent(): Promise<void> {
    while (isChanged && !isClosed) {
      isChanged = false;
      try {
        await build({
          configFile: join(projectFolder, 'vite.config.ts'),
          root: projectFolder,
          logLevel: 'warn',
          plugins: [engineAlone],
          build: { outDir: outFolder },
        });
        if (!isClosed) onBuilt();
      } catch (thrown) {
        process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n`);
      }
    }
    building = undefined;
  }

  const folders = ENGINE_SOURCES.map((source) => join(projectFolder, source));
  server.watcher.add(folders);
  server.watcher.on('all', (_event, path) => {
    if (isClosed || !folders.some((folder) => path === folder || path.startsWith(folder + sep))) return;
    isChanged = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      building ??= buildUntilCurrent();
    }, SETTLE_MS);
  });
  building = buildUntilCurrent();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await building;
    },
  };
}

/** The rules of the built server for requests, and its headers. React's refresh needs one inline script in addition. */
function guardRequests(server: ViteDevServer): void {
  const policy = contentSecurityPolicy().replace("'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-inline'");
  server.middlewares.use((request, response, next) => {
    for (const [name, value] of Object.entries(securityHeaders(policy))) response.setHeader(name, value);
    if (mayRead(request.headers, request.socket.localPort ?? 0)) return next();
    response.statusCode = 403;
    response.end('Forbidden');
  });
}

/**
 * Builds and runs the engine beside Vite's development server, and lets the server's pages connect to it. Tokens, origins
 * and sessions are the engine's own: nothing in it knows of development.
 */
export function enginePlugin({ projectFolder, dataFolder }: EngineOptions): Plugin {
  const folder = join(projectFolder, 'out', 'dev');
  let engine: Engine | undefined;
  let watcher: ReturnType<typeof watchEngine> | undefined;

  function announce(server: ViteDevServer, token: string, isFirst: boolean): void {
    const link = `http://127.0.0.1:${server.config.server.port}/#token=${token}`;
    process.stdout.write(
      isFirst ? `Auricle runs at ${link}\nEnd it with Ctrl+C.\n` : 'The engine was restarted.\n',
    );
    server.ws.send(LINK_EVENT, { token });
  }

  return {
    name: 'auricle-engine',
    apply: 'serve',
    async configureServer(server) {
      guardRequests(server);
      // The engine does not start without pages; those that people see come from Vite.
      mkdirSync(join(folder, 'renderer'), { recursive: true });
      writeFileSync(join(folder, 'renderer', 'index.html'), '<p>The development server has the pages.</p>\n');
      let starts = 0;
      engine = createEngine(join(folder, 'main', 'server.js'), dataFolder, (token) =>
        announce(server, token, starts++ === 0),
      );
      const { port, restart } = engine;
      if (server.httpServer) passSocketsOn(server.httpServer as Server, port);
      watcher = watchEngine(server, projectFolder, join(folder, 'main'), () => {
        restart().catch((error: unknown) => process.stderr.write(`${error}\n`));
      });
    },
    resolveId: (id) => (id === LINK_SCRIPT ? id : null),
    load: (id) => (id === LINK_SCRIPT ? LINK_CODE : null),
    transformIndexHtml: () => [
      { tag: 'script', attrs: { type: 'module', src: LINK_SCRIPT }, injectTo: 'head' },
    ],
    async closeBundle() {
      await watcher?.close();
      await engine?.stop();
    },
  };
}
