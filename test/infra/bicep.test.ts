import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { scheduleProblem } from '../../shared/settings/schedule';
import { syntaxFaults } from '../support/syntax';

const ROOT = resolve(__dirname, '../..');
const INFRA = join(ROOT, 'infra');
const files = readdirSync(INFRA).filter((name) => name.endsWith('.bicep'));
const text = (name: string) => readFileSync(join(INFRA, name), 'utf8');

describe('the Bicep files', () => {
  it('have no fault of syntax', () => {
    const faults = syntaxFaults(files.map((name) => ({ language: 'bicep', text: text(name) })));
    expect(faults).toEqual(files.map(() => []));
  });

  it('would show one', () => {
    expect(syntaxFaults([{ language: 'bicep', text: 'param a string = \nresource x {' }])).not.toEqual([[]]);
  });

  it('pass every module the parameters that it declares, and no other', () => {
    const modules = [...text('main.bicep').matchAll(/module (\w+) '([^']+)'[\s\S]*?params: \{([\s\S]*?)\n {2}\}/g)];
    expect(modules.map(([, name]) => name)).toEqual(['foundation', 'network', 'app', 'watch']);
    for (const [, , path = '', params = ''] of modules) {
      const declared = [...text(path).matchAll(/^param (\w+) /gm)].map(([, name]) => name);
      const passed = [...params.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name);
      expect(passed.toSorted()).toEqual(declared.toSorted());
    }
  });

  it('name outputs of modules that are there', () => {
    for (const [, module = '', output = ''] of text('main.bicep').matchAll(/(\w+)\.outputs\.(\w+)/g)) {
      expect(text(`${module}.bicep`)).toMatch(new RegExp(`^output ${output} `, 'm'));
    }
  });

  it('give the app the settings that it reads, and schedules that it takes', () => {
    const settings = [...text('app.bicep').matchAll(/^ {6}(\w+): /gm)].map(([, name]) => name);
    const read = [...readFileSync(join(ROOT, 'shared/monitor.ts'), 'utf8').matchAll(/'(CHECK_\w+_SCHEDULE)'/g)];
    expect(read.length).toBeGreaterThan(0);
    for (const [, name] of read) expect(settings).toContain(name);
    const schedules = [...text('main.bicep').matchAll(/^param \w+Schedule string = '([^']+)'/gm)];
    expect(schedules).toHaveLength(read.length);
    for (const [, schedule = ''] of schedules) expect(scheduleProblem(schedule)).toBeUndefined();
  });

  it('let people sign in without a secret, and whoever watches ask whether it is well', () => {
    const app = text('app.bicep');
    const [setting = ''] = /OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID/.exec(app) ?? [];
    expect(app).toContain(`var secretless = '${setting}'`);
    expect(app).toMatch(/clientSecretSettingName: secretless/);
    expect(app).toMatch(/MAILBOX_WATCH_ACCESS: 'app-service'/);
    const [, excluded = ''] = /excludedPaths: \[([^\]]*)\]/.exec(app) ?? [];
    expect(excluded.match(/\/api\/[a-z/]+/g)).toEqual(['/api/health/live', '/api/health/ready']);
  });

  it('hold no key, no password and no way to one', () => {
    for (const name of files) expect(text(name)).not.toMatch(/listKeys|accountKey|sharedAccess|password/i);
    expect(text('foundation.bicep')).toContain('allowSharedKeyAccess: false');
    expect(text('foundation.bicep')).toContain('DisableLocalAuth: true');
  });
});

it('azure.yaml deploys the service that the site is tagged with, from a bundle that npm run build makes', () => {
  const { services } = parse(readFileSync(join(ROOT, 'azure.yaml'), 'utf8')) as {
    services: Record<string, { host: string; remoteBuild: boolean }>;
  };
  expect(Object.keys(services)).toEqual(['api']);
  expect(services['api']).toMatchObject({ host: 'function', remoteBuild: false });
  expect(text('app.bicep')).toContain("'azd-service-name': 'api'");
});

it('the parameters are those of main.bicep', () => {
  const { parameters } = JSON.parse(readFileSync(join(INFRA, 'main.parameters.json'), 'utf8')) as {
    parameters: Record<string, unknown>;
  };
  const declared = [...text('main.bicep').matchAll(/^param (\w+) /gm)].map(([, name]) => name);
  for (const name of Object.keys(parameters)) expect(declared).toContain(name);
  expect(existsSync(join(ROOT, '.funcignore'))).toBe(true);
});
