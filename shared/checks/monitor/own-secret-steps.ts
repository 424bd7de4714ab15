import type { Step } from '../../core/check';

export const MAKE_OWN_SECRET: Step = {
  say: 'Make a new client secret for Mailbox Watch. Copy its value now: it is shown only once.',
  role: 'Cloud Application Administrator, or an owner of the app',
  run: {
    shell: 'az',
    command: 'az ad app credential reset --id {clientId} --append --display-name mailbox-watch --years 1',
  },
};

export const PUT_SECRET_INTO_REFERENCE: Step = {
  say: 'Put the value to where Mailbox Watch reads it: {credentialReference}.',
};

export const USE_NO_SECRET: Step = {
  say: 'To be rid of the date for good, use signIn: managed-identity in Azure, or signIn: federated elsewhere: neither ends.',
};
