import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { configurationJsonSchema } from '../../local/cli/json-schema';
import { sampleConfiguration } from '../../local/cli/sample-configuration';
import { parseConfiguration } from '../../shared/settings/parse';
import { startTenant } from '../demo-tenant/started-tenant';

const written = readFileSync('mailbox-watch.schema.json', 'utf8');
const validate = new Ajv({ strict: true, strictTypes: false }).compile(JSON.parse(written) as object);

describe('the schema of the configuration', () => {
  it('is as the code has it, and so is the sample; when not: npm run docs', () => {
    expect(written).toBe(`${configurationJsonSchema()}\n`);
    expect(readFileSync('mailbox-watch.sample.yaml', 'utf8')).toBe(sampleConfiguration());
  });

  it('takes what Mailbox Watch takes', async () => {
    const demo = await startTenant();
    try {
      const texts = [
        sampleConfiguration(),
        sampleConfiguration({ flow: 'application', product: 'liveagent' }),
        readFileSync(demo.demo.configurationPath, 'utf8'),
      ];
      for (const text of texts) {
        expect(parseConfiguration(text)).toMatchObject({ ok: true });
        expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
      }
    } finally {
      await demo.end();
    }
  });

  it.each([
    ['a key that is not known', { mailboxs: [] }],
    ['a cloud that is not known', { cloud: 'moon' }],
    ['no integration', { integrations: [] }],
    ['a plain secret', { integrations: [{ id: 'a', product: 'jsm', clientSecret: 'abc8Q~x' }] }],
  ])('refuses %s', (_, change) => {
    const sample = parse(sampleConfiguration()) as object;
    expect(validate({ ...sample, ...change })).toBe(false);
  });
});
