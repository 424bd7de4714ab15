import { HOUR } from '../../shared/core/time';
import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import { APPLICATION_CHECKS, CATALOGUE, HELPDESK_CHECKS, MAILBOX_CHECKS } from '../../shared/checks';
import type { Check, Example } from '../../shared/core/check';
import { blind } from '../../shared/core/reading';
import { diagnoseAll } from '../../shared/core/diagnose';
import { applies } from '../../shared/core/applies';
import { mailDefaults } from '../../shared/core/mail-defaults';
import { renderRemedy } from '../../shared/core/remedy';
import {
  CLOUDS,
  FLOWS,
  PRODUCTS,
  PROTOCOLS,
  type Context,
  type Integration,
  type Subject,
} from '../../shared/core/subject';
import { exampleContext } from '../support/contexts';
import { expectUsable, ROLE_PLACES } from '../support/remedies';
import { syntaxFaults } from '../support/syntax';
import { NO_APPLICATION_EVIDENCE, NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

/** Every example of every cause, with the whole list of checks that judges it. */
function examplesOf<E extends object>(kind: Subject['kind'], checks: readonly Check<E>[], nothing: E) {
  return checks.flatMap((check) =>
    check.causes.flatMap((cause) =>
      cause.examples.map((example: Example<E>) => {
        const { settledHours = 0, ...integration } = example.context ?? {};
        const healthySince = Object.fromEntries(checks.map(({ id }) => [id, EXAMPLE_NOW - settledHours * HOUR]));
        const [limit = {}] = [check.only].flat();
        const [provider = 'microsoft365'] = limit.provider ?? [];
        const [protocol = 'imap'] = limit.protocol ?? [];
        const context = (changes: Partial<Context['integration']> = {}): Context => ({
          ...exampleContext(kind, { provider, protocol, ...integration, ...changes }),
          healthySince,
        });
        const diagnoseIn = (where: Context) => diagnoseAll(checks, { ...nothing, ...example.evidence }, where);
        return { name: `${check.id}: ${cause.id}: ${example.says}`, check, cause, example, context, diagnoseIn };
      }),
    ),
  );
}

const EXAMPLES = [
  ...examplesOf('mailbox', MAILBOX_CHECKS, NO_MAILBOX_EVIDENCE),
  ...examplesOf('application', APPLICATION_CHECKS, NO_APPLICATION_EVIDENCE),
  ...examplesOf('mailbox', HELPDESK_CHECKS, { helpdeskLog: blind('not-configured', 'not read') }),
];

/** The integration over every protocol and in every cloud. */
function connectionsOf({ integration }: Context): Integration[] {
  return CLOUDS.flatMap((cloud) =>
    PROTOCOLS.map((protocol) => {
      const { login, mailServer, scopes } = mailDefaults({ ...integration, cloud, protocol });
      return { ...integration, cloud, protocol, loginAuthority: login, mailServer, scopes };
    }),
  );
}

describe('the catalogue', () => {
  it.each(EXAMPLES)('$name', ({ check, cause, context, diagnoseIn }) => {
    const diagnoses = diagnoseIn(context());
    expect(diagnoses.get(check.id)).toMatchObject({ verdict: 'diagnosed', cause: { id: cause.id } });
    // One fault, one diagnosis: whatever else is judged is healthy, blocked or unclear.
    const others = [...diagnoses].filter(([id]) => id !== check.id);
    expect(others.filter(([, { verdict }]) => verdict === 'diagnosed')).toEqual([]);
  });

  it.each(EXAMPLES)(
    '$name: the remedy is filled in for every product, flow, protocol and cloud',
    ({ check, cause, example, context, diagnoseIn }) => {
      for (const product of PRODUCTS) {
        for (const flow of example.context?.flow === undefined ? FLOWS : [example.context.flow]) {
          const where = context({ product, flow });
          const diagnosis = diagnoseIn(where).get(check.id);
          // Some causes belong to one flow; the examples of those name it, all others must hold in both.
          if (diagnosis?.verdict !== 'diagnosed') throw new Error(`not diagnosed for ${product}, ${flow}`);
          const { facts } = diagnosis.cause;
          for (const connection of connectionsOf(where).filter((one) => applies(check.only, one))) {
            expectUsable(cause, facts, { ...where, integration: connection });
          }
        }
      }
    },
  );

  it('is never green without evidence', () => {
    for (const flow of FLOWS) {
      const mailbox = diagnoseAll(MAILBOX_CHECKS, NO_MAILBOX_EVIDENCE, exampleContext('mailbox', { flow }));
      const application = diagnoseAll(
        APPLICATION_CHECKS,
        NO_APPLICATION_EVIDENCE,
        exampleContext('application', { flow }),
      );
      for (const { verdict } of [...mailbox.values(), ...application.values()]) expect(verdict).toBe('unclear');
    }
  });

  it('has stable, unique names', () => {
    const checkIds = CATALOGUE.map(({ id }) => id);
    expect(new Set(checkIds).size).toBe(checkIds.length);
    for (const { causes } of CATALOGUE) {
      const ids = causes.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
    }
    // A cause that two checks can see is told in the same words by both.
    const texts = new Map<string, string>();
    for (const { id, title, why } of CATALOGUE.flatMap(({ causes }) => causes)) {
      expect(texts.get(id) ?? title + why).toBe(title + why);
      texts.set(id, title + why);
    }
  });

  it('waits only for checks that stand before', () => {
    for (const checks of [MAILBOX_CHECKS, APPLICATION_CHECKS]) {
      checks.forEach(({ after }, i) => {
        const earlier = checks.slice(0, i).map(({ id }) => id);
        expect(earlier).toEqual(expect.arrayContaining([...after]));
      });
    }
  });

  const HOSTILE = "o'brien+test@contoso.com\u2019; Remove-Mailbox $(calc) `n";

  it('gives PowerShell that parses, whatever the mailbox and the delegate are called', () => {
    const commands = EXAMPLES.flatMap(({ check, cause, context, diagnoseIn }) => {
      const where = context();
      const diagnosis = diagnoseIn(where).get(check.id);
      const facts = diagnosis?.verdict === 'diagnosed' ? diagnosis.cause.facts : {};
      const hostile: Context = {
        ...where,
        delegate: HOSTILE,
        subject: where.subject.kind === 'mailbox' ? { ...where.subject, mailbox: HOSTILE } : where.subject,
      };
      const hostileFacts = Object.fromEntries(Object.keys(facts).map((name) => [name, HOSTILE]));
      return renderRemedy(cause.remedy, hostileFacts, hostile)
        .flatMap((step) => step.commands)
        .filter(({ shell }) => shell.endsWith('powershell'))
        .map(({ text }) => text);
    });
    const different = [...new Set(commands)];
    expect(different.length).toBeGreaterThan(10);
    expect(different.some((text) => text.includes("o''brien"))).toBe(true);
    // The grammar at hand does not know lists of bare words; those are our own, and nobody's name stands in them.
    const known = different.map((text) => text.replace(/(Format-(?:List|Table)) [\w, ]+$/, '$1 Name'));
    const faults = syntaxFaults(known.map((text) => ({ language: 'powershell', text })));
    expect(different.filter((_, i) => (faults[i] ?? []).length > 0)).toEqual([]);
  });

  it('has something to check, and a way to verify, in every remedy', () => {
    for (const { id, remedy } of CATALOGUE.flatMap(({ causes }) => causes)) {
      const parts = remedy.map(({ part = 'repair' }) => part);
      expect({ id, parts }).toEqual({ id, parts: expect.arrayContaining(['check', 'verify']) as unknown });
    }
  });

  it('names the role wherever a command or a portal of Microsoft, Azure or Google is used', () => {
    const steps = CATALOGUE.flatMap(({ causes }) =>
      causes.flatMap(({ id, remedy }) => remedy.map((step) => ({ id, ...step }))),
    );
    const ofAdministrators = steps.filter(
      ({ say, run }) => ROLE_PLACES.test(say) || /az|powershell/.test(run?.shell ?? ''),
    );
    expect(ofAdministrators.length).toBeGreaterThan(100);
    expect(ofAdministrators.filter(({ role }) => role === undefined).map(({ id, say }) => `${id}: ${say}`)).toEqual([]);
  });

  it('reads with a role that reads, and changes with one that changes', () => {
    const commands = CATALOGUE.flatMap(({ causes }) => causes.flatMap(({ remedy }) => remedy)).flatMap((step) =>
      step.run?.shell === 'exchange-powershell'
        ? [{ role: step.role, reads: /^(Get|Test)-/.test(step.run.command) }]
        : [],
    );
    expect(commands.filter(({ role, reads }) => !reads && !role?.startsWith('Exchange Administrator'))).toEqual([]);
    expect(commands.filter(({ reads }) => reads).length).toBeGreaterThan(10);
  });

  it('cites a page for every cause', () => {
    for (const { sources } of CATALOGUE.flatMap(({ causes }) => causes)) {
      for (const source of sources) expect(new URL(source).protocol).toBe('https:');
    }
  });
});
