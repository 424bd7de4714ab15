import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAlertmanagerChannel } from '../../shared/channels/alertmanager';
import { createWebhookChannel } from '../../shared/channels/webhook';
import { HOUR } from '../../shared/core/time';
import { describeWith } from '../support/debian';
import { freePort } from '../support/free-port';
import { exampleNotice } from '../support/notices';

const ALERTMANAGER = '/usr/bin/prometheus-alertmanager';
const READY_WITHIN = 20_000;

interface Shown {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
}

describeWith(ALERTMANAGER, 'prometheus-alertmanager', 'Debian’s Alertmanager', () => {
  let folder: string;
  let process: ChildProcess;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mailbox-watch-alertmanager-'));
    writeFileSync(join(folder, 'config.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
    const [port, cluster] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${port}`;
    process = spawn(ALERTMANAGER, [
      `--config.file=${join(folder, 'config.yml')}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--cluster.listen-address=127.0.0.1:${cluster}`,
      `--cluster.advertise-address=127.0.0.1:${cluster}`,
    ]);
    await until(async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true);
  }, 30_000);

  afterAll(async () => {
    const ended = once(process, 'exit');
    process.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  async function until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + READY_WITHIN;
    while (Date.now() < deadline) {
      if (await holds()) return;
      await pause(100);
    }
    throw new Error('Alertmanager did not come to it in time.');
  }

  async function active(): Promise<Shown[]> {
    const response = await fetch(`${url}/api/v2/alerts?active=true`);
    return (await response.json()) as Shown[];
  }

  it('shows an alert, takes a reminder for the same, and lets it go when it is over', async () => {
    const now = Date.now();
    const channel = createAlertmanagerChannel({ id: 'am', url });
    const notice = exampleNotice({ at: now, openedAt: now, nextNoticeAt: now + HOUR });
    expect(await channel.send([notice])).toEqual({ sent: true });
    expect(await channel.send([{ ...notice, id: 'reminder', kind: 'reminded', severity: 'warning' }])).toEqual({
      sent: true,
    });
    await until(async () => (await active()).length === 1);
    const [shown] = await active();
    expect(shown?.labels).toEqual({
      alertname: 'imap-disabled',
      integration: 'service-desk',
      subject: 'hr@contoso.com',
      subject_kind: 'mailbox',
      check: 'imap-enabled',
    });
    expect(shown?.annotations['description']).toContain("Set-CASMailbox -Identity 'hr@contoso.com' -ImapEnabled $true");
    expect(Date.parse(shown?.endsAt ?? '')).toBeGreaterThan(now + HOUR);

    expect(await channel.send([{ ...notice, id: 'over', kind: 'resolved', resolvedAt: Date.now() }])).toEqual({
      sent: true,
    });
    await until(async () => (await active()).length === 0);
  }, 60_000);

  it('refuses what is no alert, and that is told', async () => {
    const channel = createWebhookChannel({ id: 'w', address: async () => `${url}/api/v2/alerts`, now: Date.now });
    expect(await channel.send([exampleNotice()])).toMatchObject({ sent: false, retry: 'never' });
  });
});
