import { app, output } from '@azure/functions';
import { monitor } from '../shared/monitor';
import { BATCHES_QUEUE } from './batches-queue';

const batches = output.storageQueue(BATCHES_QUEUE);

/** Plans the fleet: puts every mailbox into a batch and the batches on the queue. */
app.timer('checkMailboxes', {
  schedule: '%CHECK_MAILBOXES_SCHEDULE%',
  extraOutputs: [batches],
  handler: async (_timer, context) => {
    const planned = await (await monitor()).planMailboxes();
    context.extraOutputs.set(batches, planned);
    context.info(
      `Planned ${planned.reduce((sum, batch) => sum + batch.mailboxes.length, 0)} mailboxes in ${planned.length} batches`,
    );
  },
});
