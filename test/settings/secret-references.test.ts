import type { DatedSecrets } from '../../shared/core/ports';
import { seen } from '../../shared/core/reading';
import { createAllSecrets } from '../../shared/settings/secret-references';

/** Writes down what it is asked. */
function place(name: string, asked: string[]): DatedSecrets {
  return {
    read: async (reference) => `${name} ${reference}`,
    keep: async (reference, value) => void asked.push(`${name} ${reference} ${value}`),
    writtenAt: async () => seen(name.length),
  };
}

it.each([
  ['env:JIRA_SECRET', 'here'],
  ['file:secrets/kv:jira', 'here'],
  ['kv:helpdesk/jira', 'vault'],
  ['a secret itself', 'here'],
])('%s leads to the secrets of %s', async (reference, name) => {
  const asked: string[] = [];
  const secrets = createAllSecrets(place('here', asked), place('vault', asked));
  expect(await secrets.read(reference)).toBe(`${name} ${reference}`);
  await secrets.keep(reference, 'rotated');
  expect(asked).toEqual([`${name} ${reference} rotated`]);
  expect(await secrets.writtenAt(reference)).toEqual(seen(name.length));
});
