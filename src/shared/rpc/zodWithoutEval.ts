import { config } from 'zod';

// The content security policy forbids making code from text; zod would try, be refused and report a violation. It
// decides when a schema is made, so this module has to be the first import of a page and of a web worker.
config({ jitless: true });
