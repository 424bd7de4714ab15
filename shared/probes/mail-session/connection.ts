import { once } from 'node:events';
import { connect as connectTcp, isIP, type LookupFunction } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { MailTarget } from '../../core/ports';
import type { ConnectionStep } from './step-trace';

export interface Network {
  /** Whom to trust; default: Node's roots and those of NODE_EXTRA_CA_CERTS. */
  readonly secureContext?: SecureContext;
  /** How host names are looked up; default: the operating system's resolver. */
  readonly lookup?: LookupFunction;
}

/** What the connection needs of a StepTrace. */
interface ConnectionTrace {
  step(): string;
  reach(step: ConnectionStep): void;
  say(text: string): void;
}

/** Called in reverse order at the end of a login, whatever came of it; none throws. */
export type Closers = (() => void)[];

let defaultContext: SecureContext | undefined;

/**
 * Opens TCP, then TLS with the certificate verified. Never resumes a TLS session: that would skip the verification.
 * Rejects with Node's error; what it opened is in `closers`.
 */
export async function openTls(
  target: MailTarget,
  network: Network,
  trace: ConnectionTrace,
  closers: Closers,
): Promise<TLSSocket> {
  const { host, port } = target;
  if (isIP(host) !== 0) trace.reach('tcp');
  const tcp = connectTcp({ host, port, ...lookupOf(network) });
  closers.push(() => tcp.destroy());
  tcp.on('error', leaveToOthers);
  tcp.on('lookup', (error: Error | null, address: string) => {
    if (error !== null || trace.step() !== 'dns') return;
    trace.say(address);
    trace.reach('tcp');
  });
  await once(tcp, 'connect');
  trace.say(`${tcp.remoteAddress ?? host}, port ${port}`);
  trace.reach('tls');

  const socket = connectTls({ socket: tcp, ...tlsOptions(host, network) });
  closers.push(() => socket.destroy());
  socket.on('error', leaveToOthers);
  await once(socket, 'secureConnect');
  trace.say(describeTls(socket));
  trace.reach('greeting');
  return socket;
}

/**
 * Shakes hands once more without verifying, only to tell who issued the certificate: a proxy that opens TLS
 * connections shows itself here. Sends no credentials. Never rejects; takes at most `limitMs`.
 */
export async function describeUntrusted(
  { host, port }: MailTarget,
  network: Network,
  limitMs: number,
): Promise<string> {
  const socket = connectTls({ port, ...lookupOf(network), ...tlsOptions(host, network), rejectUnauthorized: false });
  socket.on('error', leaveToOthers);
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(limitMs) });
    return describeTls(socket);
  } catch (error) {
    return `the certificate could not be read (${error instanceof Error ? error.message : String(error)})`;
  } finally {
    socket.destroy();
  }
}

function lookupOf({ lookup }: Network): { lookup?: LookupFunction } {
  return lookup === undefined ? {} : { lookup };
}

function tlsOptions(host: string, network: Network) {
  return {
    host,
    // Server Name Indication knows no addresses.
    ...(isIP(host) === 0 && { servername: host }),
    secureContext: network.secureContext ?? (defaultContext ??= createSecureContext()),
  };
}

/** Such as `TLSv1.3, certificate of CN=outlook.com, issued by C=US, O=DigiCert Inc, ..., valid until 2027-03-01`. */
function describeTls(socket: TLSSocket): string {
  const version = socket.getProtocol() ?? 'TLS';
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return `${version}, no certificate`;
  const name = (text: string) => text.trim().replaceAll('\n', ', ');
  const validUntil = certificate.validToDate.toISOString().slice(0, 10);
  return `${version}, certificate of ${name(certificate.subject)}, issued by ${name(certificate.issuer)}, valid until ${validUntil}`;
}

/** Who waits for the socket hears of the error from `once`; an error after the end of the login says nothing. */
function leaveToOthers(): void {
  return;
}
