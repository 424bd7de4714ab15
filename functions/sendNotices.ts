import { app } from '@azure/functions';
import { monitor } from '../shared/monitor';
import { logOf } from './log-of';

/** Sends the notices that wait; each channel gets those of one look together. */
app.timer('sendNotices', {
  schedule: '15 * * * * *',
  handler: async (_timer, context) => {
    await (await monitor()).sendNotices(logOf(context));
  },
});
