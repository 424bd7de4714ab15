import type { DemoTenantOptions } from '../../local/demo-tenant/demo-tenant';
import { startTenant, type StartedTenant } from '../demo-tenant/started-tenant';
import { azuriteForTests } from './azurite';

/**
 * A demo tenant for the tests of one file, and the app settings with which monitor() watches it; both end with the tests. Returns what gives
 * the tenant while tests run.
 */
export function monitoredTenant(options: Omit<DemoTenantOptions, 'folder'> = {}): () => StartedTenant {
  const connectionString = azuriteForTests();
  let started: StartedTenant | undefined;
  let before: NodeJS.ProcessEnv = {};
  beforeAll(async () => {
    before = { ...process.env };
    started = await startTenant(options);
    Object.assign(process.env, {
      MAILBOX_WATCH_CONFIG: started.demo.configurationPath,
      AzureWebJobsStorage: connectionString(),
      CHECK_MAILBOXES_SCHEDULE: '0 */5 * * * *',
      CHECK_APPLICATIONS_SCHEDULE: '0 7 * * * *',
    });
  }, 30_000);
  afterAll(async () => {
    process.env = before;
    await started?.end();
  });
  return () => {
    if (started === undefined) throw new Error('The tenant runs during tests only');
    return started;
  };
}
