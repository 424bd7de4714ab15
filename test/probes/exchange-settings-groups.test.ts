import { blind, seen, type Reading } from '../../shared/core/reading';
import { HOUR, MINUTE } from '../../shared/core/time';
import type { Integration } from '../../shared/core/subject';
import { rememberGroups } from '../../shared/probes/exchange-settings/group-memory';
import { exampleIntegration } from '../support/contexts';

const integration = exampleIntegration();
let now = 0;

function remembering(answer: Reading<readonly string[]>) {
  const expand = jest.fn<Promise<typeof answer>, [Integration, string]>(async () => answer);
  return { expand, ask: rememberGroups(expand, () => now) };
}

describe('the members of a group', () => {
  it('are asked for once an hour, at the same time too', async () => {
    const { expand, ask } = remembering(seen(['anna@contoso.com']));
    const both = await Promise.all([ask(integration, 'Agents'), ask(integration, 'agents')]);
    expect(both).toEqual([seen(['anna@contoso.com']), seen(['anna@contoso.com'])]);
    now += HOUR - 1;
    await ask(integration, 'Agents');
    expect(expand.mock.calls).toEqual([[integration, 'Agents']]);
    now += 1;
    await ask(integration, 'Agents');
    expect(expand).toHaveBeenCalledTimes(2);
  });

  it('are asked for again sooner where they were not told', async () => {
    const { expand, ask } = remembering(blind('denied', 'not told'));
    await ask(integration, 'Agents');
    now += 5 * MINUTE - 1;
    await ask(integration, 'Agents');
    expect(expand).toHaveBeenCalledTimes(1);
    now += 1;
    await ask(integration, 'Agents');
    expect(expand).toHaveBeenCalledTimes(2);
  });

  it('are those of their own tenant and group', async () => {
    const { expand, ask } = remembering(seen([]));
    await ask(integration, 'Agents');
    await ask(integration, 'Sales');
    await ask({ ...integration, tenant: 'fabrikam.com' }, 'Agents');
    expect(expand).toHaveBeenCalledTimes(3);
  });
});
