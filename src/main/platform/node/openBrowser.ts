import { spawn } from 'node:child_process';

/** The system's command that opens an address in the browser. */
export function openCommand(platform: NodeJS.Platform, url: string): readonly [string, ...string[]] {
  switch (platform) {
    case 'win32':
      // Not `start`: a shell would read the address.
      return ['rundll32.exe', 'url.dll,FileProtocolHandler', url];
    case 'darwin':
      return ['open', url];
    default:
      return ['xdg-open', url];
  }
}

/** Opens the address where a browser can be found; else nothing happens, and the address stands in the terminal. */
export function openBrowser(url: string): void {
  const [command, ...args] = openCommand(process.platform, url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
