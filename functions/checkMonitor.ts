import { app } from '@azure/functions';
import { monitor } from '../shared/monitor';
import { logOf } from './log-of';

/** Checks Mailbox Watch itself: can it sign in and read what it needs, does it remember, does it run. */
app.timer('checkMonitor', {
  schedule: '%CHECK_MONITOR_SCHEDULE%',
  handler: async (_timer, context) => {
    await (await monitor()).checkMonitor(logOf(context));
  },
});
