import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
interface Item {
  readonly name: string;
  readonly type: number;
  readonly content: {
    readonly query?: string;
    readonly parameters?: readonly { readonly name: string }[];
    readonly timeContextFromParameter?: string;
  };
}
const { items } = JSON.parse(readFileSync(join(ROOT, 'infra/workbook.json'), 'utf8')) as { items: Item[] };
const queries = items.flatMap(({ name, content: { query } }) => (query === undefined ? [] : [[name, query] as const]));

/** What Microsoft's own language service says of each query over the tables of Application Insights. */
function faultsOf(texts: readonly string[]): string[][] {
  const reader = join(ROOT, 'test/support/kql-faults.mjs');
  return JSON.parse(
    execFileSync(process.execPath, [reader], { input: JSON.stringify(texts) }).toString(),
  ) as string[][];
}

describe('the workbook', () => {
  it('asks what the tables can answer, and the reader is one that finds faults', () => {
    expect(queries.length).toBeGreaterThan(3);
    expect(faultsOf(queries.map(([, query]) => query))).toEqual(queries.map(() => []));
    const wrong = faultsOf(['customEvents | where nam == 1', 'customEvents | wher name', 'nothing']);
    expect(wrong.map((faults) => faults.length > 0)).toEqual([true, true, true]);
  });

  it('asks for what the channel sends', () => {
    const channel = readFileSync(join(ROOT, 'shared/channels/application-insights.ts'), 'utf8');
    const [, event = ''] = /const EVENT = '(\w+)'/.exec(channel) ?? [];
    const properties = /function propertiesOf[^]*?^}/m.exec(channel)?.[0] ?? '';
    for (const [name, query] of queries.filter(([, text]) => text.startsWith('customEvents'))) {
      expect(query).toContain(`name == '${event}'`);
      const asked = [...query.matchAll(/customDimensions(?:\.|\[')(\w+)/g)].map(([, property = '']) => property);
      expect(asked.length).toBeGreaterThan(3);
      for (const property of asked)
        expect({ name, property, isSent: new RegExp(`\\b${property}\\b`).test(properties) }).toEqual({
          name,
          property,
          isSent: true,
        });
    }
  });

  it('lets one time be chosen for all', () => {
    const parameters = items.flatMap(({ content }) => content.parameters?.map(({ name }) => name) ?? []);
    for (const { content } of items) {
      if (content.query !== undefined) expect(parameters).toContain(content.timeContextFromParameter);
    }
  });

  it('is deployed with the rest', () => {
    expect(readFileSync(join(ROOT, 'infra/watch.bicep'), 'utf8')).toContain("loadTextContent('workbook.json')");
  });
});
