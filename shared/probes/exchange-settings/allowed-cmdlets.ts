import * as z from 'zod';
import { seen, type Reading } from '../../core/reading';
import { send, type AdminSession } from './admin-session';
import type { Question } from './failure';
import { rowsOf } from './rows';

const Module = z.object({ exportedCmdlets: z.string() });
const question: Question = { what: 'the cmdlets that Mailbox Watch may run', cmdlet: 'EXOModuleFile' };

/** Reads which cmdlets Exchange lets the token's holder run. Rejects where there is no connection or no time left. */
export async function readAllowedCmdlets(session: AdminSession): Promise<Reading<readonly string[]>> {
  const url = `${session.endpoint}/adminapi/v1.0/${encodeURIComponent(session.tenantId)}/EXOModuleFile`;
  const options = { headers: { CommandName: '*' } };
  let answer = await send(session, url, options);
  const next = regionalUrl(answer.location, session.endpoint);
  if (answer.status >= 300 && answer.status < 400 && next !== undefined) answer = await send(session, next, options);
  const modules = rowsOf(answer, Module, question, session);
  if (modules.outcome === 'blind') return modules;
  const cmdlets = modules.value.rows.flatMap(({ exportedCmdlets }) => exportedCmdlets.split(','));
  return seen(cmdlets.map((name) => name.trim()).filter((name) => name !== ''));
}

/**
 * Where Exchange sends the asker on to the tenant's region; undefined for any host that does not belong to the one asked. It names a
 * port of its own network, which is left out.
 */
export function regionalUrl(location: string | null, endpoint: string): string | undefined {
  if (location === null || !URL.canParse(location)) return undefined;
  const { protocol, hostname, pathname, search } = new URL(location);
  const belongs = protocol === 'https:' && hostname.endsWith(`.${new URL(endpoint).hostname}`);
  return belongs ? `https://${hostname}${pathname}${search}` : undefined;
}
