import { IMAP_STEPS, type ImapStepName } from '../core/evidence';
import type { Probes } from '../core/ports';
import { openInbox } from './imap-session/client';
import { followDialogue } from './imap-session/dialogue';
import { failureOf } from './mail-session/failure';
import { createLoginProbe, type LoginOptions, type MailProtocol } from './mail-session/login';
import { CONNECTION_STEPS } from './mail-session/step-trace';

export type ImapProbeOptions = LoginOptions;

const IMAP: MailProtocol<ImapStepName> = {
  plan: {
    steps: IMAP_STEPS,
    each: {
      ...CONNECTION_STEPS,
      capability: { limitMs: 15_000, awaited: 'CAPABILITY' },
      authenticate: { limitMs: 15_000, awaited: 'AUTHENTICATE' },
      examine: { limitMs: 15_000, awaited: 'EXAMINE' },
      logout: { limitMs: 1000, awaited: 'LOGOUT' },
    },
  },
  speak: async (target, socket, trace, closers) => {
    const dialogue = followDialogue(trace);
    try {
      await openInbox(target, socket, dialogue, trace, closers);
    } catch (error) {
      const refusal = dialogue.toleratedRefusal();
      if (refusal === undefined || failureOf(error, trace.step()) !== undefined) throw error;
      trace.fail(refusal);
    }
  },
};

/** The probe that logs in as the helpdesk does and opens INBOX with EXAMINE, which marks nothing. Never rejects. */
export function createImapProbe(options: ImapProbeOptions = {}): Probes['imapSession'] {
  return createLoginProbe(IMAP, options);
}
