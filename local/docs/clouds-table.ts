import { CLOUD_DEFAULTS, CLOUD_STANDING } from '../../shared/core/clouds';
import { CLOUDS } from '../../shared/core/subject';

/** The table of docs/national-clouds.md. */
export function cloudsTable(): string {
  const head = ['`cloud`', 'Sign-in', 'Graph', 'Exchange administration', 'IMAP and POP', 'Scopes for IMAP, delegated / application', 'Standing'];
  const rows = CLOUDS.map((cloud) => {
    const { login, graph, exchange, mailHost, mailResource } = CLOUD_DEFAULTS[cloud];
    const scopes = `\`${mailResource.delegated}/IMAP.AccessAsUser.All\` / \`${mailResource.application}/.default\``;
    return [`\`${cloud}\``, login, graph, exchange, mailHost, scopes, CLOUD_STANDING[cloud]];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
