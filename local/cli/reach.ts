import { once } from 'node:events';
import tls from 'node:tls';
import type { Finding } from './formats/findings';

const WITHIN_MS = 10_000;

/** Whether `host:port` answers over TLS with a certificate that this machine trusts. Never rejects; says nothing to the host. */
export async function reach(address: string): Promise<Finding> {
  const description = `${address} answers, and its certificate is trusted`;
  const url = new URL(`tls://${address}`);
  const socket = tls.connect({ host: url.hostname, port: Number(url.port), servername: url.hostname });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(WITHIN_MS) });
    return { description, result: 'success' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { description, result: 'error', error: `It failed: ${code}.`, hint: adviceFor(code) };
  } finally {
    socket.destroy();
  }
}

function adviceFor(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return "The name is not found: see this machine's DNS, and the name under endpoints.";
  if (code === 'ABORT_ERR') return 'Nothing came back: a firewall drops it. Open it, with the port.';
  if (code === 'ECONNREFUSED') return 'The port is closed: see the port under endpoints, and the firewall.';
  if (/CERT|SIGNATURE|ALTNAME/.test(code))
    return 'Something between here and there shows another certificate: except the host from TLS inspection, or trust its authority with NODE_EXTRA_CA_CERTS.';
  return 'See firewall and proxy.';
}
