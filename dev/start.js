// `npm run dev`: the page with hot reload against an engine that follows its sources. Ctrl+C ends both.
import { join } from 'node:path';
import process from 'node:process';
import { createServer } from 'vite';

// Before anything starts, so that an early Ctrl+C leaves nothing behind either.
const ended = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
});
const server = await createServer({ configFile: join(import.meta.dirname, '..', 'vite.dev.config.ts') });
try {
  await server.listen();
  await ended;
} finally {
  await server.close();
}
process.exit(0);
