/** What the Functions runtime does and the local host does not; shown by `npm start` and in the documentation. */
export const NOT_DONE_BY_THE_LOCAL_HOST =
  'timer leases, past-due memory, retry policies, keys and authentication, most of host.json, scale-out, ' +
  'renewal of message visibility (a message may be worked on for ten minutes), cookies, log hooks, telemetry and sampling; ' +
  'triggers other than HTTP, timer and Storage queue; a crash ends the host and the app.';
