import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoTenant, type DemoTenant, type DemoTenantOptions } from '../../local/demo-tenant/demo-tenant';
import { trust } from '../support/scripted-https-server';

export interface StartedTenant {
  readonly demo: DemoTenant;
  /** PEM. */
  readonly ca: string;
  readonly folder: string;
  /** Ends tenant and trust, and removes the folder. */
  readonly end: () => Promise<void>;
}

/** Starts a demo tenant in a folder of its own, and lets this process trust it. */
export async function startTenant(options: Omit<DemoTenantOptions, 'folder'> = {}): Promise<StartedTenant> {
  const folder = mkdtempSync(join(tmpdir(), 'contoso-'));
  const demo = await startDemoTenant({ folder, ...options });
  const ca = readFileSync(demo.caCertificatePath, 'utf8');
  const distrust = trust(ca);
  return {
    demo,
    ca,
    folder,
    end: async () => {
      distrust();
      await demo.close();
      rmSync(folder, { recursive: true });
    },
  };
}
