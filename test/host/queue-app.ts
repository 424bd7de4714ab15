import { app, output } from '@azure/functions';
import { once } from 'node:events';

// Without a listener the signal ends the process.
process.on('SIGUSR2', () => undefined);

const work = output.storageQueue({ queueName: 'work', connection: 'STORAGE' });
const texts = output.storageQueue({ queueName: 'texts', connection: 'STORAGE' });
const NEVER = '0 0 0 1 1 *';

/** Each element of an array is a message of its own. */
app.timer('fansOut', {
  schedule: NEVER,
  extraOutputs: [work],
  handler: (_timer, context) => {
    context.extraOutputs.set(work, [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }, { n: 6 }]);
  },
});
/** Works until it gets a signal. */
app.storageQueue('worksOn', {
  queueName: 'work',
  connection: 'STORAGE',
  handler: async (message, context) => {
    context.info(JSON.stringify(message));
    await once(process, 'SIGUSR2');
  },
});

app.timer('returns', { schedule: NEVER, return: texts, handler: () => 'größer' });
app.storageQueue('reads', {
  queueName: 'texts',
  connection: 'STORAGE',
  handler: (message, context) => {
    if (message === 'bad') throw new Error(`attempt ${String(context.triggerMetadata?.['dequeueCount'])}`);
    context.info(JSON.stringify({ message, ...context.triggerMetadata }));
  },
});
