import type { TokenCredential } from '@azure/identity';
import type { DemoTenant } from '../../local/demo-tenant/demo-tenant';
import type { AppRegistration } from '../../local/demo-tenant/tenant';
import { appIn } from '../../local/demo-tenant/world';
import type { Integration } from '../../shared/core/subject';
import { createMonitorCredential } from '../../shared/probes/monitor-credential';
import { loadConfiguration } from '../../shared/settings/load';
import { createSecrets } from '../../shared/settings/secrets';
import { startTenant } from './started-tenant';

/** Contoso, and what Mailbox Watch's probes need to look at it: all from the configuration that the demo writes. */
export interface ContosoBench {
  readonly demo: DemoTenant;
  /** Mailbox Watch's own app registration. */
  readonly monitorApp: AppRegistration;
  readonly integration: (id: string) => Integration;
  readonly credentialFor: (integration: Integration) => TokenCredential | undefined;
  /** Access token of Mailbox Watch's own app; `scope` such as `https://outlook.office365.com/.default`. */
  readonly bearerFor: (scope: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function startContosoBench(): Promise<ContosoBench> {
  const { demo, folder, end } = await startTenant();
  const loaded = await loadConfiguration(demo.configurationPath);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { integrations, monitorSignIn } = loaded.settings;
  const secrets = createSecrets({ environment: {}, folder });
  const credentialFor = (integration: Integration) => createMonitorCredential(monitorSignIn, integration, secrets);

  const integration = (id: string) => {
    const found = integrations.find((one) => one.id === id);
    if (found === undefined) throw new Error(`No integration ${id}`);
    return found;
  };
  return {
    demo,
    monitorApp: appIn(demo.world, demo.world.monitor.clientId),
    integration,
    credentialFor,
    async bearerFor(scope) {
      const token = await credentialFor(integration('liveagent-sales'))?.getToken(scope);
      return token?.token ?? '';
    },
    close: end,
  };
}
