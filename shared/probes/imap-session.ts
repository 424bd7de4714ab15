import type { ImapFailure, ImapSession } from '../core/evidence';
import type { ImapTarget, Probes } from '../core/ports';
import { blind, seen } from '../core/reading';
import { textCleaner } from './imap-session/clean-text';
import { openInbox } from './imap-session/client';
import { describeUntrusted, openTls, type Closers, type Network } from './imap-session/connection';
import { followDialogue } from './imap-session/dialogue';
import { failureOf, isCertificateFailure } from './imap-session/failure';
import { traceSteps, type StepTrace } from './imap-session/step-trace';

export interface ImapProbeOptions extends Network {
  /** Longest time a login may take in all, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * The probe that logs in as the helpdesk does and opens INBOX with EXAMINE, which marks nothing. A login that failed
 * is seen as well, with its step and the server's words; blind means a bug in here. Never rejects, leaves no socket.
 */
export function createImapProbe({ deadlineMs = 25_000, ...network }: ImapProbeOptions = {}): Probes['imapSession'] {
  return async (target) => {
    const clean = textCleaner(target);
    try {
      return seen(await logIn(target, network, deadlineMs, clean));
    } catch (error) {
      const { mailbox, host, port } = target;
      const message = clean(error instanceof Error ? error.message : String(error));
      const what = `The login to ${mailbox} at ${host}:${port} stopped on an error that Mailbox Watch does not know`;
      return blind('crashed', `${what}: ${message}. Report it as a bug.`);
    }
  };
}

async function logIn(
  target: ImapTarget,
  network: Network,
  deadlineMs: number,
  clean: (text: string) => string,
): Promise<ImapSession> {
  const trace = traceSteps(deadlineMs, clean);
  const closers: Closers = [];
  try {
    await Promise.race([trace.ended, converse(target, network, trace, closers)]);
  } finally {
    trace.stop();
    for (const close of closers.reverse()) close();
  }
  const session = { host: target.host, port: target.port, ...trace.report() };
  const { failure } = session;
  if (failure === undefined || !isCertificateFailure(failure)) return session;
  const certificate = await describeUntrusted(target, network, Math.max(deadlineMs - session.ms, 1));
  return withCertificate(session, failure, certificate, clean);
}

/** Rejects only with an error that is none of the connection's. */
async function converse(target: ImapTarget, network: Network, trace: StepTrace, closers: Closers): Promise<void> {
  const dialogue = followDialogue(trace);
  try {
    const socket = await openTls(target, network, trace, closers);
    await openInbox(target, socket, dialogue, trace, closers);
  } catch (error) {
    const failure = failureOf(error, trace.step()) ?? dialogue.toleratedRefusal();
    if (failure === undefined) throw error;
    trace.fail(failure);
  }
}

function withCertificate(
  session: ImapSession,
  failure: ImapFailure,
  certificate: string,
  clean: (text: string) => string,
): ImapSession {
  const said = clean(certificate);
  return {
    ...session,
    steps: session.steps.map((step) => (step.name === 'tls' ? { ...step, said } : step)),
    failure: { ...failure, text: clean(`${failure.text} (${certificate})`) },
  };
}
