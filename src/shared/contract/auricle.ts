import { z } from 'zod';
import type { Client, Contract, Handlers } from '../rpc/contract.ts';
import { failureSchema } from './failure.ts';
import {
  appService,
  engineStatusSchema,
  menuCommandSchema,
  sessionSummarySchema,
  sessionsService,
} from './services/app.ts';
import { comparisonService } from './services/comparison.ts';
import { exportingService } from './services/exporting.ts';
import { meshingService } from './services/meshing.ts';
import { openingService } from './services/opening.ts';
import { planningService } from './services/planning.ts';
import { receivingService, receivingStateSchema } from './services/receiving.ts';
import { segmentationService } from './services/segmentation.ts';
import { serversService } from './services/servers.ts';

/** Everything that renderer and main say to each other. */
export const auricleContract = {
  services: {
    app: appService,
    segmentation: segmentationService,
    meshing: meshingService,
    planning: planningService,
    comparison: comparisonService,
    exporting: exportingService,
    sessions: sessionsService,
    opening: openingService,
    servers: serversService,
    receiving: receivingService,
  },
  events: {
    /** The engine became ready, failed or was replaced. */
    engine: engineStatusSchema,
    /** Something went wrong that no call answers for (a worker was restarted, say). */
    notice: failureSchema,
    /** A person chose this in the desktop's menu. */
    menu: z.strictObject({ command: menuCommandSchema }),
    /** A person opened files with the program: `opening.take` answers them. */
    opened: z.strictObject({}),
    /** Another node has sent a study, or listening began or ended. */
    receiving: receivingStateSchema,
    /** A page has saved work. */
    session: sessionSummarySchema,
  },
} satisfies Contract;

export type AuricleContract = typeof auricleContract;
export type AuricleClient = Client<AuricleContract>;
export type AuricleHandlers = Handlers<AuricleContract>;
