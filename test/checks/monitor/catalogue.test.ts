import { CATALOGUE, MONITOR_CHECKS } from '../../../shared/checks';
import { GRAPH_PERMISSIONS } from '../../../shared/checks/monitor/permissions';
import { diagnoseAll } from '../../../shared/core/diagnose';
import { renderRemedy } from '../../../shared/core/remedy';
import { CLOUDS, type Context } from '../../../shared/core/subject';
import { exampleContext } from '../../support/contexts';
import { expectUsable } from '../../support/remedies';
import { NO_MONITOR_EVIDENCE } from '../../support/no-evidence';

const EXAMPLES = MONITOR_CHECKS.flatMap((check) =>
  check.causes.flatMap((cause) =>
    cause.examples.map((example) => ({
      name: `${check.id}: ${cause.id}: ${example.says}`,
      check,
      cause,
      example,
      diagnoseIn: (where: Context) =>
        diagnoseAll(MONITOR_CHECKS, { ...NO_MONITOR_EVIDENCE, ...example.evidence }, where),
    })),
  ),
);

describe('the checks of Mailbox Watch itself', () => {
  it.each(EXAMPLES)('$name', ({ check, cause, diagnoseIn }) => {
    const diagnoses = diagnoseIn(exampleContext('monitor'));
    expect(diagnoses.get(check.id)).toMatchObject({ verdict: 'diagnosed', cause: { id: cause.id } });
    const others = [...diagnoses].filter(([id, { verdict }]) => id !== check.id && verdict === 'diagnosed');
    // A token tells of every permission that is missing: each is a fault of its own.
    expect(others.filter(([id]) => !GRAPH_PERMISSIONS.some(({ name }) => id.endsWith(idOf(name))))).toEqual([]);
  });

  it.each(EXAMPLES)('$name: the remedy is filled in for every cloud', ({ check, cause, diagnoseIn }) => {
    for (const cloud of CLOUDS) {
      const where = exampleContext('monitor', { cloud });
      const diagnosis = diagnoseIn(where).get(check.id);
      if (diagnosis?.verdict !== 'diagnosed') throw new Error(`not diagnosed in ${cloud}`);
      expectUsable(cause, diagnosis.cause.facts, where);
      expect(JSON.stringify(renderRemedy(cause.remedy, diagnosis.cause.facts, where))).not.toContain("''");
    }
  });

  it('is never green without evidence', () => {
    const diagnoses = diagnoseAll(MONITOR_CHECKS, NO_MONITOR_EVIDENCE, exampleContext('monitor'));
    expect([...diagnoses].filter(([, { verdict }]) => verdict !== 'unclear')).toEqual([]);
  });

  it('waits only for checks that stand before', () => {
    MONITOR_CHECKS.forEach(({ after }, i) => {
      expect(MONITOR_CHECKS.slice(0, i).map(({ id }) => id)).toEqual(expect.arrayContaining([...after]));
    });
  });
});

describe('the table of permissions', () => {
  it('names checks that there are', () => {
    const ids = CATALOGUE.map(({ id }) => id);
    for (const { blinds } of GRAPH_PERMISSIONS) expect(ids).toEqual(expect.arrayContaining([...blinds]));
  });
});

function idOf(permission: string): string {
  return permission.toLowerCase().replaceAll('.', '-');
}
