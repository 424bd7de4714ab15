import { startAzurite, type Azurite } from '../../local/start/azurite';

/** Longest time Azurite may take to start and to end, in milliseconds; it takes three seconds. */
const LIMIT = 40_000;

/**
 * Azurite's tables and queues in memory for the tests of one file; it ends with them, and with the process should that end first.
 * Returns what gives the connection string while tests run.
 */
export function azuriteForTests(): () => string {
  let azurite: Azurite | undefined;
  beforeAll(async () => {
    azurite = await startAzurite();
  }, LIMIT);
  afterAll(async () => {
    await azurite?.stop();
  }, LIMIT);
  return () => {
    if (azurite === undefined) throw new Error('Azurite runs during tests only');
    return azurite.connectionString;
  };
}
