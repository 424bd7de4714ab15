import { POP_STEPS, type PopStepName } from '../core/evidence';
import type { Probes } from '../core/ports';
import { xoauth2 } from './mail-session/clean-text';
import { createLoginProbe, type LoginOptions, type MailProtocol } from './mail-session/login';
import { CONNECTION_STEPS } from './mail-session/step-trace';
import { PopError, startDialogue } from './pop-session/dialogue';

const POP: MailProtocol<PopStepName> = {
  plan: {
    steps: POP_STEPS,
    each: {
      ...CONNECTION_STEPS,
      capability: { limitMs: 15_000, awaited: 'CAPA' },
      authenticate: { limitMs: 15_000, awaited: 'AUTH XOAUTH2' },
      stat: { limitMs: 15_000, awaited: 'STAT' },
      quit: { limitMs: 1000, awaited: 'QUIT' },
    },
  },
  speak: async (target, socket, trace, closers) => {
    const dialogue = startDialogue(socket, trace);
    closers.push(dialogue.leave);
    try {
      await dialogue.run(xoauth2(target));
    } catch (error) {
      if (!(error instanceof PopError)) throw error;
      trace.fail(error.failure);
    }
  },
};

/** The probe that logs in over POP with TLS and asks for STAT, which marks and removes nothing. Never rejects. */
export function createPopProbe(options: LoginOptions = {}): Probes['popSession'] {
  return createLoginProbe(POP, options);
}
