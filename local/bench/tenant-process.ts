import { startDemoTenant, type DemoCounters } from '../demo-tenant/demo-tenant';

/** The demo tenant in a process of its own, so that its work is not counted as the monitor's. */
export type FromTenant =
  | { readonly type: 'ready'; readonly configurationPath: string; readonly caCertificatePath: string }
  | { readonly type: 'counters'; readonly counters: DemoCounters };

async function main(): Promise<void> {
  const [folder, mailboxes, turnDelayMs] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: bench-tenant FOLDER MAILBOXES DELAY_MS');
  const demo = await startDemoTenant({ folder, mailboxes: Number(mailboxes), turnDelayMs: Number(turnDelayMs) });
  process.on('message', () => {
    send({ type: 'counters', counters: demo.counters() });
  });
  process.once('SIGTERM', () => {
    demo.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  const { configurationPath, caCertificatePath } = demo;
  send({ type: 'ready', configurationPath, caCertificatePath });
}

function send(message: FromTenant): void {
  process.send?.(message);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
