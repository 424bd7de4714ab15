import { app } from '@azure/functions';
import { monitor } from '../shared/monitor';
import { logOf } from './log-of';

/** Checks every app registration: is its client secret valid, and for how long. */
app.timer('checkApplications', {
  schedule: '%CHECK_APPLICATIONS_SCHEDULE%',
  handler: async (_timer, context) => {
    await (await monitor()).checkApplications(logOf(context));
  },
});
