import { CATALOGUE } from '../../shared/checks';

/** The README's table of causes, as Markdown; one row a cause, in the order of the catalogue. */
export function causesTable(): string {
  const rows = new Map<string, { readonly title: string; readonly severity: string; readonly checks: string[] }>();
  for (const check of CATALOGUE) {
    for (const { id, title, severity } of check.causes) {
      const row = rows.get(id) ?? { title, severity, checks: [] };
      row.checks.push(check.title);
      rows.set(id, row);
    }
  }
  const lines = [...rows].map(([id, { title, severity, checks }]) => `| [\`${id}\`](docs/causes/${id}.md) | ${title} | ${severity} | ${checks.join('; ')} |`);
  return ['| Cause | What it means | Severity | Check |', '|---|---|---|---|', ...lines].join('\n');
}
