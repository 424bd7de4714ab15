import { app, type HttpResponseInit } from '@azure/functions';
import { monitor } from '../shared/monitor';

/** Mailbox Watch itself, for whoever watches it: open to everybody, so neither names nor reasons of others are told. */

const HEALTH = { 'Content-Type': 'application/health+json', 'Cache-Control': 'no-store' };

app.http('live', {
  methods: ['GET', 'HEAD'],
  route: 'health/live',
  authLevel: 'anonymous',
  handler: () => answer(undefined),
});

/** Fails where it cannot read its configuration or its storage, or the runs stand still; never for a broken mailbox. */
app.http('ready', {
  methods: ['GET', 'HEAD'],
  route: 'health/ready',
  authLevel: 'anonymous',
  handler: async () => answer(await fault()),
});

async function fault(): Promise<string | undefined> {
  try {
    const { lastRunIsFresh } = await monitor();
    return (await lastRunIsFresh())
      ? undefined
      : 'The mailboxes were not checked for two intervals: see whether the timers run. After a start this passes with the first run.';
  } catch {
    // The reason may hold names: it stands where one has to sign in.
    return 'The configuration or the storage cannot be read: /api/status says what is wrong.';
  }
}

function answer(output: string | undefined): HttpResponseInit {
  const body = output === undefined ? { status: 'pass' } : { status: 'fail', output };
  return { status: output === undefined ? 200 : 503, headers: HEALTH, body: JSON.stringify(body) };
}
