import { app } from '@azure/functions';
import type { MailboxBatch } from '../shared/core/batches';
import { monitor } from '../shared/monitor';
import { BATCHES_QUEUE } from './batches-queue';
import { logOf } from './log-of';

/** Checks one batch of mailboxes side by side and remembers each result; this is what scales out. */
app.storageQueue('checkMailboxBatch', {
  ...BATCHES_QUEUE,
  handler: async (batch, context) => {
    await (await monitor()).checkBatch(batch as MailboxBatch, logOf(context));
  },
});
