import {
  EXCHANGE_NEED,
  GRAPH_PERMISSIONS,
  HELPDESK_NEEDS,
  VAULT_NEED,
} from '../../shared/checks/monitor/permissions';

/** The README's table of what Mailbox Watch needs, as Markdown: the same that its checks of itself are made of. */
export function permissionsTable(): string {
  const needs = [...HELPDESK_NEEDS, ...GRAPH_PERMISSIONS, EXCHANGE_NEED, VAULT_NEED];
  const lines = needs.map(({ what, why, without }) => `| ${what} | ${why} | ${without} |`);
  return ['| What it needs, least first | Why | Without it |', '|---|---|---|', ...lines].join('\n');
}
