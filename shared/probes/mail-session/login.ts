import type { TLSSocket } from 'node:tls';
import type { MailFailure, MailSession } from '../../core/evidence';
import type { MailTarget } from '../../core/ports';
import { blind, seen, type Reading } from '../../core/reading';
import { textCleaner } from './clean-text';
import { describeUntrusted, openTls, type Closers, type Network } from './connection';
import { failureOf, isCertificateFailure } from './failure';
import { traceSteps, type ConnectionStep, type StepPlan, type StepTrace } from './step-trace';

export interface LoginOptions extends Network {
  /** Longest time a login may take in all, in milliseconds. */
  readonly deadlineMs?: number;
}

/** What differs from one mail protocol to the next. */
export interface MailProtocol<OwnStep extends string> {
  readonly plan: StepPlan<ConnectionStep | OwnStep>;
  /** Speaks over the open connection, from the greeting on. Rejects with an error of Node or of the protocol's client. */
  speak(
    target: MailTarget,
    socket: TLSSocket,
    trace: StepTrace<ConnectionStep | OwnStep>,
    closers: Closers,
  ): Promise<void>;
}

/** Makes a text fit for evidence. */
type Clean = (text: string) => string;

/**
 * A probe that logs in to a mail server. A login that failed is seen as well, with its step and the server's words;
 * blind means a bug in here. Never rejects, leaves no socket.
 */
export function createLoginProbe<OwnStep extends string>(
  protocol: MailProtocol<OwnStep>,
  { deadlineMs = 25_000, ...network }: LoginOptions,
): (target: MailTarget) => Promise<Reading<MailSession<ConnectionStep | OwnStep>>> {
  return async (target) => {
    const clean = textCleaner(target);
    try {
      return seen(await logIn(protocol, target, network, deadlineMs, clean));
    } catch (error) {
      const { mailbox, host, port } = target;
      const message = clean(error instanceof Error ? error.message : String(error));
      const what = `The login to ${mailbox} at ${host}:${port} stopped on an error that Mailbox Watch does not know`;
      return blind('crashed', `${what}: ${message}. Report it as a bug.`);
    }
  };
}

async function logIn<OwnStep extends string>(
  protocol: MailProtocol<OwnStep>,
  target: MailTarget,
  network: Network,
  deadlineMs: number,
  clean: Clean,
): Promise<MailSession<ConnectionStep | OwnStep>> {
  const trace = traceSteps(protocol.plan, deadlineMs, clean);
  const closers: Closers = [];
  try {
    await Promise.race([trace.ended, converse(protocol, target, network, trace, closers)]);
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
async function converse<OwnStep extends string>(
  protocol: MailProtocol<OwnStep>,
  target: MailTarget,
  network: Network,
  trace: StepTrace<ConnectionStep | OwnStep>,
  closers: Closers,
): Promise<void> {
  try {
    const socket = await openTls(target, network, trace, closers);
    await protocol.speak(target, socket, trace, closers);
  } catch (error) {
    const failure = failureOf(error, trace.step());
    if (failure === undefined) throw error;
    trace.fail(failure);
  }
}

function withCertificate<StepName extends string>(
  session: MailSession<StepName>,
  failure: MailFailure<StepName>,
  certificate: string,
  clean: Clean,
): MailSession<StepName> {
  const said = clean(certificate);
  return {
    ...session,
    steps: session.steps.map((step) => (step.name === 'tls' ? { ...step, said } : step)),
    failure: { ...failure, text: clean(`${failure.text} (${certificate})`) },
  };
}
