import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoTenant } from '../../local/demo-tenant/demo-tenant';
import { freePort } from '../support/free-port';

it('serves the admin address at the port that was asked for, and only one demo can have it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'contoso-'));
  const adminPort = await freePort();
  const demo = await startDemoTenant({ folder, adminPort, mailboxes: 1 });
  try {
    expect(demo.adminUrl).toBe(`http://127.0.0.1:${adminPort}`);
    expect(await (await fetch(`${demo.adminUrl}/faults`)).json()).toEqual([]);
    await expect(startDemoTenant({ folder, adminPort, mailboxes: 1 })).rejects.toThrow('EADDRINUSE');
  } finally {
    await demo.close();
    rmSync(folder, { recursive: true });
  }
});
