import { networkErrorCode } from '../probes/network-error';

/** Longest time that the receiver may take, in milliseconds. */
const DEADLINE = 10_000;

/**
 * Tells a dead-man's switch (Healthchecks, Uptime Kuma's push monitor, and whatever else takes a GET) that a run went well. The address is a
 * secret. Gives a sentence where the receiver did not take it; never rejects.
 */
export async function sendHeartbeat(address: () => Promise<string>): Promise<string | undefined> {
  try {
    const response = await fetch(await address(), { redirect: 'manual', signal: AbortSignal.timeout(DEADLINE) });
    await response.body?.cancel();
    return response.ok
      ? undefined
      : `The heartbeat was answered with HTTP ${response.status}: see whether its address is still right.`;
  } catch (error) {
    const why = networkErrorCode(error) ?? (error instanceof Error ? error.name : 'no code');
    return `The heartbeat did not arrive (${why}): see whether its address can be read and reached.`;
  }
}
