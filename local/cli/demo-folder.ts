import { join } from 'node:path';

/** Leads to the configuration and the certificate of the demo tenant that `npm start` runs in this folder, while it runs. */
export const DEMO_FOLDER = join('.local', 'demo');
