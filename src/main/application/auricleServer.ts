import { auricleContract } from '#shared/contract/auricle.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import { splitPort } from '#shared/rpc/splitPort.ts';
import { createServices, type Emit, type ServicesOptions } from '../services/index.ts';
import { bugReport } from './bugReport.ts';

export interface AuricleServer {
  /** Answers what a page asks through this port. */
  serve(port: Port): void;
  /** Sends an event to every page. */
  readonly emit: Emit;
  /** Offers files and folders that a person opened with the program to the page. */
  offer(paths: readonly string[]): void;
  /** Ends connections, threads and processes. */
  close(): Promise<void>;
}

/** All services behind the contract, for any number of pages. `log` gets a line for everything unexpected. */
export function createAuricleServer(
  options: Omit<ServicesOptions, 'emit'>,
  log: (text: string) => void,
): AuricleServer {
  // Services emit only after they were returned.
  const emit: Emit = (event, value, to) => server.emit(event, value, to);
  const services = createServices({ ...options, emit });
  const server = createRpcServer(auricleContract, services.handlers, {
    onBug: (error, where) => log(bugReport(error, where)),
  });
  return {
    serve(port) {
      const { calls, back } = splitPort(port);
      services.join(calls, back);
      server.serve(calls);
    },
    emit,
    offer: services.offer,
    async close() {
      server.close();
      await services.free();
    },
  };
}
